{{- /* A tier's configuration: what follows from the values, under what `config` says. Takes the dict of "tailrace.tier". */ -}}

{{- define "tailrace.config" -}}
{{- $values := .values -}}
{{- $extensions := dict -}}
{{- $protocol := dict -}}
{{- $engine := dict -}}
{{- with include "tailrace.memoryPercentage" . }}{{ $_ := set $engine "memory_budget_percentage" (float64 .) }}{{ end -}}
{{- if dig "requests" "cpu" "" $values.resources }}{{ $_ := set $engine "shards" "${env:TAILRACE_SHARDS}" }}{{ end -}}
{{- if $values.ports.page.enabled -}}
{{- $_ := set $engine "page" (dict "endpoint" (printf "0.0.0.0:%d" (int $values.ports.page.containerPort))) -}}
{{- end -}}
{{- $prometheus := dict "host" "0.0.0.0" "port" (int $values.ports.metrics.containerPort) -}}
{{- $readers := list (dict "pull" (dict "exporter" (dict "prometheus" $prometheus))) -}}
{{- $derived := dict "service" (dict "tailrace" $engine "telemetry" (dict "metrics" (dict "readers" $readers))) -}}

{{- if eq .tier (include "tailrace.entryTier" .root) -}}
{{- with $values.tls }}{{ if .enabled -}}
{{- $tls := dict "cert_file" "/etc/tailrace/tls/tls.crt" "key_file" "/etc/tailrace/tls/tls.key" "reload_interval" .reloadInterval -}}
{{- with .clientCAKey }}{{ $_ := set $tls "client_ca_file" (printf "/etc/tailrace/tls/%s" .) }}{{ $_ := set $tls "client_ca_file_reload" true }}{{ end -}}
{{- $_ := set $protocol "tls" $tls -}}
{{- end }}{{ end -}}
{{- with $values.basicAuth }}{{ if .enabled -}}
{{- $_ := set $extensions "basicauth/clients" (dict "htpasswd" (dict "file" (printf "/etc/tailrace/users/%s" .key))) -}}
{{- $_ := set $protocol "auth" (dict "authenticator" "basicauth/clients") -}}
{{- end }}{{ end -}}
{{- if $protocol -}}
{{- range $id, $receiver := $values.config.receivers }}{{ if regexMatch "^otlp(/|$)" $id }}{{ range $name, $_ := $receiver.protocols -}}
{{- $mine := dict "receivers" (dict $id (dict "protocols" (dict $name (deepCopy $protocol)))) -}}
{{- $derived = mustMergeOverwrite $derived $mine -}}
{{- end }}{{ end }}{{ end -}}
{{- end -}}
{{- end -}}

{{- if $values.persistence.enabled }}{{ $_ := set $extensions "file_storage" (dict "directory" "/var/lib/tailrace/queue") }}{{ end -}}
{{- with $extensions }}{{ $_ := set $derived "extensions" . }}{{ end -}}
{{- if eq .tier "router" }}{{ $_ := set $derived "exporters" (dict "load_balancing" (dict "resolver" (include "tailrace.resolver" . | fromYaml))) }}{{ end -}}

{{- $config := mustMergeOverwrite $derived (deepCopy $values.config) -}}
{{- if and (eq .tier "router") (not (hasKey (default dict $values.config.exporters) "load_balancing")) }}{{ $_ := unset $config.exporters "load_balancing" }}{{ end -}}
{{- $_ := set $config.service "extensions" (concat (default list $config.service.extensions) (keys $extensions | sortAlpha) | uniq) -}}
{{- tpl (toYaml $config) .root -}}
{{- end -}}

{{- /* Which samplers there are, for the router. */ -}}
{{- define "tailrace.resolver" -}}
{{- $service := include "tailrace.headlessName" (dict "root" .root "tier" "sampler") -}}
{{- $port := int .root.Values.ports.otlp.containerPort -}}
{{- if eq .values.resolver.type "dns" -}}
dns:
  hostname: {{ $service }}.{{ include "tailrace.namespace" .root }}.svc.{{ .root.Values.clusterDomain }}
  port: {{ $port | quote }}
  interval: {{ .values.resolver.interval }}
{{- else -}}
k8s:
  service: {{ $service }}.{{ include "tailrace.namespace" .root }}
  ports: [{{ $port }}]
{{- end -}}
{{- end -}}
