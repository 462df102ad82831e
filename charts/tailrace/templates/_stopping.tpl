{{- /* How a pod ends: a pause in which its endpoints' entry goes, then the signal, then what the daemon needs to deliver. */ -}}

{{- /* `sleep` is a hook of its own from Kubernetes 1.30 on; before, it is the image's program. Neither needs a shell. */ -}}
{{- define "tailrace.preStop" -}}
{{- $seconds := int .values.preStopSeconds -}}
{{- if gt $seconds 0 -}}
preStop:
  {{- if semverCompare ">=1.30-0" .root.Capabilities.KubeVersion.Version }}
  sleep: {seconds: {{ $seconds }}}
  {{- else }}
  exec: {command: [/bin/sleep, {{ $seconds | quote }}]}
  {{- end }}
{{- end -}}
{{- end -}}

{{- define "tailrace.gracePeriod" -}}
{{- $timeout := dig "service" "tailrace" "shutdown_timeout" "30s" .values.config -}}
{{- $drain := include "tailrace.seconds" $timeout -}}
{{- $given := int .values.terminationGracePeriodSeconds -}}
{{- if not $drain -}}
{{- if not $given }}{{ fail (printf "terminationGracePeriodSeconds: set it, since service.tailrace.shutdown_timeout is %q, which is known at run time only" $timeout) }}{{ end -}}
{{- $given -}}
{{- else -}}
{{- $needed := add (int .values.preStopSeconds) (int $drain) -}}
{{- if and $given (le (int64 $given) $needed) -}}
{{- fail (printf "terminationGracePeriodSeconds: %d is not above %d (preStopSeconds) + %s (service.tailrace.shutdown_timeout) = %d: a stop would be cut off, and traces lost"
      $given (int .values.preStopSeconds) $timeout $needed) -}}
{{- end -}}
{{- default (add $needed 10) $given -}}
{{- end -}}
{{- end -}}
