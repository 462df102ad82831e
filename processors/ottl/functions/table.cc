#include "processors/ottl/functions/table.h"

#include "absl/container/flat_hash_map.h"

namespace tailrace::ottl {
namespace {

const absl::flat_hash_map<std::string_view, Function>& Table() {
  static const auto& table = *[] {
    std::vector<Function> all;
    AddTypeFunctions(&all);
    AddTextFunctions(&all);
    AddFormatFunctions(&all);
    AddEncodingFunctions(&all);
    AddNumberFunctions(&all);
    AddHashFunctions(&all);
    AddPatternFunctions(&all);
    AddIdFunctions(&all);
    AddNetworkFunctions(&all);
    AddTimeFunctions(&all);
    AddDurationFunctions(&all);
    AddJsonFunctions(&all);
    AddKeyValueFunctions(&all);
    AddCsvFunctions(&all);
    AddParseFunctions(&all);
    AddCollectionFunctions(&all);
    AddLambdaFunctions(&all);
    AddAbsentFunctions(&all);
    auto* map = new absl::flat_hash_map<std::string_view, Function>;
    for (Function& function : all) {
      const std::string_view name = function.name;
      map->emplace(name, std::move(function));
    }
    return map;
  }();
  return table;
}

}  // namespace

const Function* FindFunction(std::string_view name) {
  const auto at = Table().find(name);
  return at == Table().end() ? nullptr : &at->second;
}

std::vector<std::string> FunctionNames() {
  std::vector<std::string> names;
  for (const auto& [name, function] : Table()) names.emplace_back(name);
  return names;
}

}  // namespace tailrace::ottl
