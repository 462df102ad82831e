// ParseCSV: one row of comma-separated values as a map, by a header row. The rules are those of Go's encoding/csv;
// lines after the first go on in the last field of the line before.
#include <string>
#include <vector>

#include "processors/ottl/functions/key_index.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"
#include "processors/ottl/functions/utf8.h"

namespace tailrace::ottl {
namespace {

using Fields = std::vector<std::string>;
// Of a row and of its header.
constexpr size_t kFieldsMax = 65536;

class CsvReader {
 public:
  CsvReader(std::string_view text, std::string_view comma, bool lazy_quotes)
      : rest_(text), comma_(comma), lazy_(lazy_quotes) {}

  // The next line; false at the end. `failed`: something in it is wrong, `fields` is what came before.
  bool ReadLine(Fields* fields, bool* failed) {
    fields->clear();
    *failed = false;
    std::string line;
    do {
      if (rest_.empty()) return false;
      line = TakeLine();
    } while (line.empty() || line == "\n");
    std::string_view left = line;
    for (bool more = true; more && !*failed && fields->size() <= kFieldsMax;) {
      std::string field;
      more = left.starts_with('"') ? ReadQuoted(&line, &left, &field, failed) : ReadPlain(&left, &field, failed);
      if (!*failed) fields->push_back(std::move(field));
    }
    return true;
  }

 private:
  // With its end as "\n"; none at the end of the text.
  std::string TakeLine() {
    const size_t end = rest_.find('\n');
    std::string line(rest_.substr(0, end));
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.pop_back();
    if (end != std::string_view::npos) line.push_back('\n');
    return line;
  }

  // True: another field follows.
  bool ReadPlain(std::string_view* left, std::string* field, bool* failed) {
    const size_t comma = left->find(comma_);
    std::string_view text = left->substr(0, comma);
    if (comma == std::string_view::npos && text.ends_with('\n')) text.remove_suffix(1);
    if (!lazy_ && text.find('"') != std::string_view::npos) *failed = true;
    field->assign(text);
    left->remove_prefix(comma == std::string_view::npos ? left->size() : comma + comma_.size());
    return comma != std::string_view::npos;
  }

  bool ReadQuoted(std::string* line, std::string_view* left, std::string* field, bool* failed) {
    left->remove_prefix(1);
    for (;;) {
      const size_t quote = left->find('"');
      if (quote == std::string_view::npos) {
        field->append(*left);
        if (rest_.empty()) {
          // The text ends within quotes.
          *failed = !lazy_;
          return false;
        }
        *line = TakeLine();
        *left = *line;
        continue;
      }
      field->append(left->substr(0, quote));
      left->remove_prefix(quote + 1);
      if (left->starts_with('"')) {
        field->push_back('"');
        left->remove_prefix(1);
      } else if (left->starts_with(comma_)) {
        left->remove_prefix(comma_.size());
        return true;
      } else if (left->empty() || *left == "\n") {
        return false;
      } else if (lazy_) {
        field->push_back('"');
      } else {
        *failed = true;
        return false;
      }
    }
  }

  std::string_view rest_;
  const std::string_view comma_;
  const bool lazy_;
};

struct CsvOptions {
  std::string delimiter = ",";
  std::string header_delimiter;
  enum class Mode : uint8_t { kStrict, kLazyQuotes, kIgnoreQuotes } mode = Mode::kStrict;
};

Fields SplitAt(std::string_view text, std::string_view delimiter) {
  Fields parts;
  for (size_t at; parts.size() <= kFieldsMax && (at = text.find(delimiter)) != std::string_view::npos;) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + delimiter.size());
  }
  parts.emplace_back(text);
  return parts;
}

bool ReadRow(std::string_view text, const CsvOptions& options, Evaluation* evaluation, Fields* row) {
  if (options.mode == CsvOptions::Mode::kIgnoreQuotes) {
    *row = SplitAt(text, options.delimiter);
    return true;
  }
  const std::string& comma = options.delimiter;
  if (comma == "\"" || comma == "\r" || comma == "\n" || comma == "\xEF\xBF\xBD" || comma[0] == '\0') {
    return evaluation->Fail("ParseCSV: an invalid delimiter");
  }
  CsvReader reader(text, comma, options.mode == CsvOptions::Mode::kLazyQuotes);
  Fields line;
  bool failed = false;
  while (reader.ReadLine(&line, &failed)) {
    if (failed && line.empty()) return evaluation->Fail("ParseCSV: quotes in the wrong place");
    size_t next = 0;
    if (!row->empty()) row->back().append("\n").append(line[next++]);
    row->insert(row->end(), line.begin() + static_cast<ptrdiff_t>(next), line.end());
    if (row->size() > kFieldsMax) return evaluation->Fail("ParseCSV: too many fields");
  }
  return !row->empty() || evaluation->Fail("ParseCSV: no csv lines found");
}

bool ParseCsv(std::string_view text, std::string_view header, const CsvOptions& options, Evaluation* evaluation,
              Value* result) {
  if (header.empty()) return evaluation->Fail("ParseCSV: headers must not be an empty string");
  const Fields headers = SplitAt(header, options.header_delimiter);
  if (headers.size() > kFieldsMax) return evaluation->Fail("ParseCSV: too many headers");
  Fields row;
  if (!ReadRow(text, options, evaluation, &row)) return false;
  if (row.size() != headers.size()) {
    return evaluation->Fail("ParseCSV: wrong number of fields: expected " + std::to_string(headers.size()) +
                            ", found " + std::to_string(row.size()));
  }
  MapEntry* entries = NewEntries(row.size(), true, evaluation, result);
  if (entries == nullptr) return false;
  uint32_t size = 0;
  KeyIndex places;
  for (size_t i = 0; i < row.size(); ++i) {
    const std::string_view key = evaluation->arena.Copy(headers[i]);
    const std::string_view value = evaluation->arena.Copy(row[i]);
    if (key.data() == nullptr || value.data() == nullptr) return FailMemory(evaluation);
    const uint32_t at = places.Place(key, size);
    entries[at] = {key, Value::String(value)};
    size += at == size ? 1 : 0;
  }
  const_cast<Map*>(result->map)->size = size;
  return true;
}

bool IsOneRune(std::string_view text) { return !text.empty() && DecodeRune(text).size == text.size(); }

absl::StatusOr<CsvOptions> ReadOptions(const Arguments& arguments) {
  CsvOptions options;
  const auto text = [&arguments](size_t i) { return std::string(arguments[i].expression->constant()->view()); };
  if (arguments[2].given()) options.delimiter = text(2);
  if (!IsOneRune(options.delimiter)) {
    return absl::InvalidArgumentError("invalid arguments: delimiter must be a single character");
  }
  options.header_delimiter = arguments[3].given() ? text(3) : options.delimiter;
  if (!IsOneRune(options.header_delimiter)) {
    return absl::InvalidArgumentError("invalid arguments: header_delimiter must be a single character");
  }
  const std::string mode = arguments[4].given() ? text(4) : "strict";
  if (mode == "lazyQuotes") {
    options.mode = CsvOptions::Mode::kLazyQuotes;
  } else if (mode == "ignoreQuotes") {
    options.mode = CsvOptions::Mode::kIgnoreQuotes;
  } else if (mode != "strict") {
    return absl::InvalidArgumentError("unknown mode: " + mode + "; there are strict, lazyQuotes and ignoreQuotes");
  }
  return options;
}

Made MakeParseCsv(Arguments arguments) {
  auto options = ReadOptions(arguments);
  if (!options.ok()) return options.status();
  return Call([target = std::move(arguments[0].expression), header = std::move(arguments[1].expression),
               options = *std::move(options)](Evaluation* evaluation, Value* result) {
    std::string_view text;
    std::string_view headers;
    if (!GetString(*target, evaluation, &text) || !GetString(*header, evaluation, &headers)) return false;
    return ParseCsv(text, headers, options, evaluation, result);
  });
}

}  // namespace

void AddCsvFunctions(std::vector<Function>* all) {
  const auto kOption = ParameterType::kLiteralString;
  all->push_back({"ParseCSV",
                  {{"target", ParameterType::kString},
                   {"header", ParameterType::kString},
                   {"delimiter", kOption, true},
                   {"header_delimiter", kOption, true},
                   {"mode", kOption, true}},
                  MakeParseCsv});
}

}  // namespace tailrace::ottl
