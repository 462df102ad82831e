{{- /* The memory for spans: the container's limit less what the program needs beside it. It is given as a share, so that the daemon
       counts it from the limit that its container really has, whoever changed it (a VerticalPodAutoscaler, an edit). */ -}}

{{- define "tailrace.memoryPercentage" -}}
{{- $limits := default dict .values.resources.limits -}}
{{- $least := 64 -}}
{{- $reserve := .values.memoryReserveMib | int64 -}}
{{- $engine := default dict (dig "service" "tailrace" dict .values.config) -}}
{{- $where := ternary "router.resources" "resources" (eq .tier "router") -}}
{{- if not $limits.memory -}}
{{- if not (or $engine.memory_budget_mib $engine.memory_budget_percentage) -}}
{{- fail (printf "%s.limits.memory: set it, or say in the configuration what memory there is for spans (service.tailrace.memory_budget_mib)" $where) -}}
{{- end -}}
{{- else -}}
{{- $limit := include "tailrace.mib" $limits.memory | int64 -}}
{{- $budget := sub $limit $reserve -}}
{{- if lt $budget (int64 $least) -}}
{{- fail (printf "%s.limits.memory: %v is too small: %d MiB beside the spans (memoryReserveMib) + %d MiB for spans at least = %d MiB, and the limit is %d MiB"
      $where $limits.memory $reserve $least (add $reserve $least) $limit) -}}
{{- end -}}
{{- $wanted := toString $engine.memory_budget_mib -}}
{{- if and (regexMatch "^[0-9]+$" $wanted) (gt (int64 $wanted) $budget) -}}
{{- fail (printf "%s.limits.memory: %v is too small: %d MiB beside the spans (memoryReserveMib) + %s MiB for spans (service.tailrace.memory_budget_mib) = %d MiB, and the limit is %d MiB"
      $where $limits.memory $reserve $wanted (add $reserve (int64 $wanted)) $limit) -}}
{{- end -}}
{{- if not (or $engine.memory_budget_mib $engine.memory_budget_percentage) -}}
{{- divf (floor (divf (mulf $budget 10000) $limit)) 100 -}}
{{- end -}}
{{- end -}}
{{- end -}}
