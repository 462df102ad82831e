#include "processors/ottl/names.h"

namespace tailrace::ottl {
namespace {

std::string_view ListName(ListType type) {
  switch (type) {
    case ListType::kPdata:
      return "pcommon.Slice";
    case ListType::kAny:
      return "[]interface {}";
    case ListType::kStrings:
      return "[]string";
    case ListType::kInts:
      return "[]int64";
    case ListType::kDoubles:
      return "[]float64";
    case ListType::kBools:
      return "[]bool";
    case ListType::kMaps:
      return "[]map[string]interface {}";
    case ListType::kEvents:
      return "ptrace.SpanEventSlice";
    case ListType::kLinks:
      return "ptrace.SpanLinkSlice";
  }
  return "list";
}

}  // namespace

std::string_view TypeName(const Value& value) {
  switch (value.kind) {
    case Kind::kNil:
      return "<nil>";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int64";
    case Kind::kDouble:
      return "float64";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "[]uint8";
    case Kind::kMap:
      return value.map->pdata ? "pcommon.Map" : "map[string]interface {}";
    case Kind::kList:
      return ListName(value.list->type);
    case Kind::kTime:
      return "time.Time";
    case Kind::kDuration:
      return "time.Duration";
    case Kind::kTraceId:
      return "pcommon.TraceID";
    case Kind::kSpanId:
      return "pcommon.SpanID";
    case Kind::kStatus:
      return "ptrace.Status";
    case Kind::kGoInt:
      return "int";
  }
  return "value";
}

std::string_view TypeName(AnyKind kind) {
  switch (kind) {
    case AnyKind::kEmpty:
      return "Empty";
    case AnyKind::kString:
      return "Str";
    case AnyKind::kBool:
      return "Bool";
    case AnyKind::kInt:
      return "Int";
    case AnyKind::kDouble:
      return "Double";
    case AnyKind::kArray:
      return "Slice";
    case AnyKind::kMap:
      return "Map";
    case AnyKind::kBytes:
      return "Bytes";
  }
  return "value";
}

}  // namespace tailrace::ottl
