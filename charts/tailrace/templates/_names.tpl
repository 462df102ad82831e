{{- /* Names and labels. Selectors hold nothing that a value can change: Kubernetes cannot change them in an object that exists. */ -}}

{{- define "tailrace.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "tailrace.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{- /* (dict "root" $ "tier" router|sampler|standalone): the name of the tier's objects; the standalone one has the plain name. */ -}}
{{- define "tailrace.tierName" -}}
{{- include "tailrace.fullname" .root }}{{ if ne .tier "standalone" }}-{{ .tier }}{{ end -}}
{{- end -}}

{{- /* The headless Service of the StatefulSet: its pods' names, and what routers resolve. */ -}}
{{- define "tailrace.headlessName" -}}
{{- include "tailrace.tierName" . }}{{ if eq .tier "standalone" }}-headless{{ end -}}
{{- end -}}

{{- /* Claims cannot be changed in a StatefulSet, so that their size and class are a part of its name. */ -}}
{{- define "tailrace.statefulSetName" -}}
{{- $p := .root.Values.persistence -}}
{{- include "tailrace.tierName" . -}}
{{- if $p.enabled }}-{{ printf "%s/%s/%s" $p.size $p.storageClassName (join "," $p.accessModes) | sha256sum | trunc 6 }}{{ end -}}
{{- end -}}

{{- define "tailrace.serviceAccountName" -}}
{{- if .root.Values.serviceAccount.create -}}
{{- default (include "tailrace.fullname" .root) .root.Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .root.Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "tailrace.releaseSelector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "tailrace.selector" -}}
{{ include "tailrace.releaseSelector" .root }}
app.kubernetes.io/component: {{ .tier }}
{{- end -}}

{{- /* Labels of an object; with "tier" those of that tier. The chart's own go before additionalLabels. */ -}}
{{- define "tailrace.labels" -}}
{{- $own := include "tailrace.releaseSelector" .root | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/version" .root.Chart.AppVersion -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $_ := set $own "app.kubernetes.io/part-of" .root.Chart.Name -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_") -}}
{{- if .tier }}{{ $_ := set $own "app.kubernetes.io/component" .tier }}{{ end -}}
{{- toYaml (merge $own (tpl (toYaml .root.Values.additionalLabels) .root | fromYaml)) -}}
{{- end -}}

{{- /* metadata of a namespaced object: (dict "root" $ "name" NAME "tier" TIER "annotations" {...}). */ -}}
{{- define "tailrace.metadata" -}}
name: {{ .name }}
namespace: {{ include "tailrace.namespace" .root }}
labels:
  {{- include "tailrace.labels" . | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
