// What the Collector has and Tailrace has not.
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

constexpr char kXml[] = "Tailrace does not read XML";
constexpr char kGrok[] = "use ExtractPatterns, whose patterns are plain regular expressions";
constexpr char kUserAgent[] = "use IsMatch on the text of the user agent";
constexpr char kNotPure[] = "a condition must answer the same whenever it is asked of the same span";
constexpr char kChanges[] = "it changes the span, which a condition must not";

}  // namespace

void AddAbsentFunctions(std::vector<Function>* all) {
  for (const char* name : {"ConvertAttributesToElementsXML", "ConvertTextToElementsXML", "GetXML", "InsertXML",
                           "ParseSimplifiedXML", "ParseXML", "RemoveXML"}) {
    all->push_back({name, {}, nullptr, kXml});
  }
  all->push_back({"ExtractGrokPatterns", {}, nullptr, kGrok});
  all->push_back({"UserAgent", {}, nullptr, kUserAgent});
  for (const char* name : {"Append", "DeleteIndex"}) all->push_back({name, {}, nullptr, kChanges});
  for (const char* name : {"Now", "UUID", "UUIDv7"}) all->push_back({name, {}, nullptr, kNotPure});
}

}  // namespace tailrace::ottl
