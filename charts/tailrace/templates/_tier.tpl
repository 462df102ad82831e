{{- /* What a tier is made of. "tailrace.tier" fills the dict that it is given, because a template can return text only, and numbers
       that went through text and back come out as 1e+06. */ -}}

{{- /* Into .into: root, tier, and values: the chart's, for the router with what stands under `router` before them. */ -}}
{{- define "tailrace.tier" -}}
{{- $values := omit (deepCopy .root.Values) "router" -}}
{{- if eq .tier "router" -}}
{{- $_ := unset $values "config" -}}
{{- $_ := set $values "persistence" (dict "enabled" false) -}}
{{- $values = mustMergeOverwrite $values (deepCopy .root.Values.router) -}}
{{- end -}}
{{- $_ := set .into "root" .root -}}
{{- $_ := set .into "tier" .tier -}}
{{- $_ := set .into "values" $values -}}
{{- end -}}

{{- /* The tiers of this mode, the one that applications talk to first. */ -}}
{{- define "tailrace.tiers" -}}
{{ ternary "router sampler" "standalone" (eq .Values.mode "gateway") }}
{{- end -}}

{{- define "tailrace.entryTier" -}}
{{ ternary "router" "standalone" (eq .Values.mode "gateway") }}
{{- end -}}

{{- define "tailrace.image" -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ default .appVersion .tag }}{{ end }}
{{- end -}}
