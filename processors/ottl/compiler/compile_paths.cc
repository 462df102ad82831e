#include <algorithm>
#include <string>

#include "config/did_you_mean.h"
#include "processors/ottl/compiler/compiler.h"
#include "processors/ottl/compiler/expressions.h"

namespace tailrace::ottl {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string PathText(const Node& node, size_t first, std::string_view context) {
  std::string text(context);
  for (size_t i = first; i < node.children.size(); ++i) text += "." + node.children[i].text;
  return text;
}

// The context that a path's first name stands for; empty where it is none that can be reached.
std::string_view ContextOf(std::string_view name, Context own) {
  if (name == "instrumentation_scope" || name == "scope") return "scope";
  if (name == "span" || name == "resource" || name == "otelcol") return name;
  return name == "spanevent" && own == Context::kSpanEvent ? name : std::string_view();
}

Source SourceOf(std::string_view context) {
  if (context == "span") return Source::kSpan;
  if (context == "resource") return Source::kResource;
  return context == "scope" ? Source::kScope : Source::kEvent;
}

}  // namespace

const uint32_t* Compiler::FindLocal(std::string_view name) const {
  const auto found =
      std::find_if(locals_.rbegin(), locals_.rend(), [name](const Local& local) { return local.name == name; });
  return found == locals_.rend() ? nullptr : &found->number;
}

std::unique_ptr<Expression> Compiler::CompilePath(const Node& node) {
  const Node& head = node.children[0];
  if (const uint32_t* local = FindLocal(head.text)) return CompileLocal(node, *local);
  const std::string_view own = context_ == Context::kSpan ? "span" : "spanevent";
  std::string_view context = own;
  size_t first = 0;
  if (node.children.size() > 1 && head.keys.empty()) {
    if (const std::string_view named = ContextOf(head.text, context_); !named.empty()) {
      context = named;
      first = 1;
    }
  }
  const Node& segment = node.children[first];
  if (segment.text == "cache") {
    if (context != own) {
      return FailNull(node.at, "access to cache must be performed using the same context, please replace " +
                                   Quoted(PathText(node, first, head.text)) + " with " +
                                   Quoted(PathText(node, first, own)));
    }
    if (!CheckUnused(node, first, first + 1)) return nullptr;
    return CompileKeyedField(segment, Field::kEmptyMap);
  }
  if (segment.text == "attributes" && context != "otelcol") {
    if (!CheckUnused(node, first, first + 1)) return nullptr;
    return CompileAttributes(segment, context);
  }
  return CompileField(node, first, context);
}

std::unique_ptr<Expression> Compiler::CompileLocal(const Node& node, uint32_t number) {
  if (node.children.size() > 1) {
    return FailNull(node.at,
                    "local identifier " + Quoted(node.children[0].text) + " cannot use \".\" to access nested fields");
  }
  Keys keys;
  if (!CompileKeys(node.children[0].keys, &keys)) return nullptr;
  auto local = std::make_unique<LocalExpression>(number);
  if (keys.empty()) return local;
  return std::make_unique<IndexedExpression>(std::move(local), std::move(keys));
}

std::unique_ptr<Expression> Compiler::CompileAttributes(const Node& segment, std::string_view context) {
  const Source source = SourceOf(context);
  Keys keys;
  if (!CompileKeys(segment.keys, &keys)) return nullptr;
  if (keys.empty()) return std::make_unique<AllAttributesExpression>(source);
  if (keys[0].type != Key::Type::kString) return std::make_unique<ComputedAttributeExpression>(source, std::move(keys));
  const uint32_t slot = attribute_keys_->Add(keys[0].text);
  keys.erase(keys.begin());
  return std::make_unique<AttributeExpression>(source, slot, std::move(keys));
}

// The longest name that is a field; what is left over is refused.
std::unique_ptr<Expression> Compiler::CompileField(const Node& node, size_t first, std::string_view context) {
  Field field = Field::kNone;
  size_t used = first;
  size_t known = first;  // segments that begin some field
  std::string name;
  for (size_t i = first; i < node.children.size(); ++i) {
    name += (i == first ? "" : ".") + node.children[i].text;
    if (const Field found = FindField(context, name); found != Field::kNone) {
      field = found;
      used = i + 1;
    }
    if (field == Field::kNone || used == i + 1) known = i;
  }
  const bool has_parts = field != Field::kNone && used < node.children.size() &&
                         (field == Field::kTraceId || field == Field::kSpanId || field == Field::kParentSpanId ||
                          field == Field::kKind || field == Field::kStatus);
  if (field == Field::kNone || has_parts) {
    const size_t wrong = has_parts ? used : context == "otelcol" ? known : first;
    const std::string& segment = node.children[wrong].text;
    return FailNull(node.children[wrong].at,
                    "segment " + Quoted(segment) + " from path " + Quoted(PathText(node, first, context)) +
                        " is not a valid path nor a valid OTTL keyword for the " + std::string(context) + " context" +
                        (wrong == first ? config::DidYouMean(segment, FieldNames(context)) : ""));
  }
  if (!CheckUnused(node, first, used)) return nullptr;
  return CompileKeyedField(node.children[used - 1], field);
}

// What no field takes: further names, and keys but for the last name's.
bool Compiler::CheckUnused(const Node& node, size_t first, size_t used) {
  if (used < node.children.size()) {
    const Node& extra = node.children[used];
    return Fail(extra.at,
                "the path section " + Quoted(extra.text) + " is not one of " + Quoted(node.children[used - 1].text));
  }
  for (size_t i = first; i + 1 < used; ++i) {
    if (!node.children[i].keys.empty()) {
      return Fail(node.children[i].at, Quoted(node.children[i].text) + " cannot be indexed");
    }
  }
  return true;
}

std::unique_ptr<Expression> Compiler::CompileKeyedField(const Node& segment, Field field) {
  if (segment.keys.empty()) return std::make_unique<FieldExpression>(field);
  Keys keys;
  if (!CompileKeys(segment.keys, &keys)) return nullptr;
  if (field == Field::kEmptyMap) return std::make_unique<EmptyMapKeyExpression>(std::move(keys));
  if (field != Field::kTraceState) return FailNull(segment.at, Quoted(segment.text) + " cannot be indexed");
  if (keys.size() != 1) return FailNull(segment.at, "trace_state takes exactly 1 key");
  return std::make_unique<TraceStateExpression>(std::move(keys[0]));
}

}  // namespace tailrace::ottl
