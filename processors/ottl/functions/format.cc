// Format: Go's fmt.Sprintf over the values of a condition: the verbs for text, numbers and booleans with their flags,
// and Go's words for what does not fit.
#include <string>
#include <vector>

#include "processors/ottl/functions/go_format.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

Made MakeFormat(Arguments arguments) {
  const std::string format(arguments[0].expression->constant()->view());
  return Call([format, values = std::move(arguments[1].items)](Evaluation* evaluation, Value* result) {
    std::vector<Value> given(values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i]->Evaluate(evaluation, &given[i])) return false;
    }
    return SetString(GoFormat(format, given), evaluation, result);
  });
}

}  // namespace

void AddFormatFunctions(std::vector<Function>* all) {
  all->push_back({"Format",
                  {{"format", ParameterType::kLiteralString}, {"vals", ParameterType::kValue, false, true}},
                  MakeFormat});
}

}  // namespace tailrace::ottl
