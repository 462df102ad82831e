{{- /* The pod of a tier, as a template of a Deployment or StatefulSet. Takes the dict of "tailrace.tier" with `config`, the rendered
       configuration, beside it. */ -}}

{{- define "tailrace.podTemplate" -}}
{{- $values := .values -}}
metadata:
  labels:
    {{- $labels := include "tailrace.labels" . | fromYaml }}
    {{- toYaml (merge $labels (tpl (toYaml $values.podLabels) .root | fromYaml)) | nindent 4 }}
  {{- $annotations := tpl (toYaml $values.podAnnotations) .root | fromYaml }}
  {{- if $values.enableConfigChecksumAnnotation }}{{ $_ := set $annotations "checksum/config" (.config | sha256sum) }}{{ end }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "tailrace.serviceAccountName" . }}
  automountServiceAccountToken: {{ and (eq .tier "router") (eq $values.resolver.type "k8s") }}
  enableServiceLinks: false
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml $values.podSecurityContext | nindent 4 }}
  terminationGracePeriodSeconds: {{ include "tailrace.gracePeriod" . }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  initContainers:
    # A configuration that is wrong stops the roll-out here, with every problem of it in this container's log.
    - name: validate
      args: [validate, --config=/etc/tailrace/config/config.yaml{{ range $values.command.extraArgs }}, {{ . | quote }}{{ end }}]
      {{- include "tailrace.container" . | nindent 6 }}
    {{- with $values.initContainers }}
    {{- tpl (toYaml .) $.root | nindent 4 }}
    {{- end }}
  containers:
    - name: tailrace
      args: [--config=/etc/tailrace/config/config.yaml{{ range $values.command.extraArgs }}, {{ . | quote }}{{ end }}]
      ports:
        {{- range $name, $port := $values.ports }}{{ if $port.enabled }}
        - {name: {{ $name }}, containerPort: {{ int $port.containerPort }}, protocol: {{ default "TCP" $port.protocol }}}
        {{- end }}{{ end }}
      {{- range $name := list "startupProbe" "livenessProbe" "readinessProbe" }}
      {{ $name }}:
        {{- toYaml (mustMergeOverwrite (dict "httpGet" (dict "path" "/" "port" "health")) (get $values $name)) | nindent 8 }}
      {{- end }}
      {{- with include "tailrace.preStop" . }}
      lifecycle:
        {{- . | nindent 8 }}
      {{- end }}
      {{- include "tailrace.container" . | nindent 6 }}
    {{- with $values.extraContainers }}
    {{- tpl (toYaml .) $.root | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "tailrace.volumes" . | nindent 4 }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- tpl (toYaml .) $.root | nindent 4 }}
  {{- end }}
  {{- with include "tailrace.topologySpread" . | trim }}
  topologySpreadConstraints:
    {{- . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- /* What the daemon and its check have in common: both see the same image, memory, environment and files. */ -}}
{{- define "tailrace.container" -}}
{{- $values := .values -}}
image: {{ include "tailrace.image" (merge (dict "appVersion" .root.Chart.AppVersion) $values.image) | quote }}
imagePullPolicy: {{ $values.image.pullPolicy }}
securityContext:
  {{- toYaml $values.securityContext | nindent 2 }}
env:
  - name: MY_POD_IP
    valueFrom: {fieldRef: {fieldPath: status.podIP}}
  - name: POD_NAME
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  {{- if dig "requests" "cpu" "" $values.resources }}
  # Whole processors, rounded up.
  - name: TAILRACE_SHARDS
    valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: "1"}}
  {{- end }}
  {{- with $values.extraEnvs }}
  {{- tpl (toYaml .) $.root | nindent 2 }}
  {{- end }}
{{- with $values.extraEnvsFrom }}
envFrom:
  {{- tpl (toYaml .) $.root | nindent 2 }}
{{- end }}
resources:
  {{- toYaml $values.resources | nindent 2 }}
volumeMounts:
  - {name: config, mountPath: /etc/tailrace/config, readOnly: true}
  {{- if eq .tier (include "tailrace.entryTier" .root) }}
  {{- if $values.tls.enabled }}
  - {name: tls, mountPath: /etc/tailrace/tls, readOnly: true}
  {{- end }}
  {{- if $values.basicAuth.enabled }}
  - {name: users, mountPath: /etc/tailrace/users, readOnly: true}
  {{- end }}
  {{- end }}
  {{- if $values.persistence.enabled }}
  - {name: data, mountPath: /var/lib/tailrace}
  {{- end }}
  {{- with $values.extraVolumeMounts }}
  {{- tpl (toYaml .) $.root | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "tailrace.volumes" -}}
{{- $values := .values -}}
- name: config
  configMap: {name: {{ include "tailrace.tierName" . }}}
{{- if eq .tier (include "tailrace.entryTier" .root) }}
{{- if $values.tls.enabled }}
- name: tls
  secret: {secretName: {{ required "tls.secretName: the Secret with tls.crt and tls.key" $values.tls.secretName }}, defaultMode: 0440}
{{- end }}
{{- if $values.basicAuth.enabled }}
- name: users
  secret: {secretName: {{ required "basicAuth.secretName: the Secret with the users' file" $values.basicAuth.secretName }}, defaultMode: 0440}
{{- end }}
{{- end }}
{{- with $values.extraVolumes }}
{{ tpl (toYaml .) $.root }}
{{- end }}
{{- end -}}

{{- define "tailrace.topologySpread" -}}
{{- if .values.topologySpreadConstraints -}}
{{ tpl (toYaml .values.topologySpreadConstraints) .root }}
{{- else if .values.topologySpreadDefaults -}}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "tailrace.selector" $ | nindent 6 }}
{{- end }}
{{- end -}}
{{- end -}}
