{{/* A pod of the operator's image: what it runs, and for whom. */}}
{{- define "program" -}}
image: jvm:test
resources: {requests: {cpu: 500m}, limits: {memory: 256Mi}}
securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 1000}
{{- end -}}
{{- define "job" -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .root.Release.Name }}-{{ .name }}
  annotations:
    helm.sh/hook: {{ .hooks }}
    helm.sh/hook-weight: "0"
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 0
  template:
    spec:
      serviceAccountName: {{ .root.Release.Name }}-jobs
      restartPolicy: Never
      containers:
      - name: job
        args: [io.navarch.blackbox.operators.ChartJobs, {{ .arguments }}]
        {{- include "program" .root | nindent 8 }}
        volumeMounts: [{name: tmp, mountPath: /tmp}]
      volumes: [{name: tmp, emptyDir: {}}]
{{- end -}}
