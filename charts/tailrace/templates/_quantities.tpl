{{- /* Kubernetes' quantities and the configuration's durations as whole numbers; Helm's templates have no such functions. */ -}}

{{- /* A quantity of memory in MiB, rounded down: "1Gi" is 1024. */ -}}
{{- define "tailrace.mib" -}}
{{- $text := . | toString -}}
{{- $number := regexFind "^[0-9]+(\\.[0-9]+)?([eE]\\+?[0-9]+)?" $text | float64 -}}
{{- $unit := regexReplaceAll "^[0-9]+(\\.[0-9]+)?([eE]\\+?[0-9]+)?" $text "" -}}
{{- $bytes := dict "" 1 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- if not (hasKey $bytes $unit) }}{{ fail (printf "resources.limits.memory: %q is no quantity of memory (512Mi, 2Gi)" $text) }}{{ end -}}
{{- divf (mulf $number (get $bytes $unit)) 1048576 | floor | int64 -}}
{{- end -}}

{{- /* A duration in seconds, rounded up: "1m30s" is 90; nothing where it is none, as with ${env:X}. */ -}}
{{- define "tailrace.seconds" -}}
{{- $text := . | toString -}}
{{- if regexMatch "^([0-9]+(\\.[0-9]+)?(h|m|s|ms|us|ns))+$" $text -}}
{{- $each := dict "h" 3600 "m" 60 "s" 1 "ms" 0.001 "us" 0.000001 "ns" 0.000000001 -}}
{{- $sum := dict "s" 0.0 -}}
{{- range regexFindAll "[0-9]+(\\.[0-9]+)?(ms|us|ns|h|m|s)" $text -1 -}}
{{- $number := regexFind "^[0-9.]+" . -}}
{{- $_ := set $sum "s" (addf $sum.s (mulf (float64 $number) (get $each (trimPrefix $number .)))) -}}
{{- end -}}
{{- $sum.s | ceil | int64 -}}
{{- else if regexMatch "^0+$" $text -}}
0
{{- end -}}
{{- end -}}
