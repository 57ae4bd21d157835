package io.navarch.client;

/// A resource as clients address it.
public record ResourceType(String group, String version, String plural, String kind, boolean namespaced) {
    public static final ResourceType NAMESPACES = new ResourceType("", "v1", "namespaces", "Namespace", false);
    public static final ResourceType NODES = new ResourceType("", "v1", "nodes", "Node", false);
    public static final ResourceType PODS = new ResourceType("", "v1", "pods", "Pod", true);
    public static final ResourceType SERVICES = new ResourceType("", "v1", "services", "Service", true);
    public static final ResourceType ENDPOINTS = new ResourceType("", "v1", "endpoints", "Endpoints", true);
    public static final ResourceType CONFIG_MAPS = new ResourceType("", "v1", "configmaps", "ConfigMap", true);
    public static final ResourceType SECRETS = new ResourceType("", "v1", "secrets", "Secret", true);
    public static final ResourceType SERVICE_ACCOUNTS =
            new ResourceType("", "v1", "serviceaccounts", "ServiceAccount", true);
    public static final ResourceType EVENTS = new ResourceType("", "v1", "events", "Event", true);
    public static final ResourceType DEPLOYMENTS = new ResourceType("apps", "v1", "deployments", "Deployment", true);
    public static final ResourceType REPLICA_SETS = new ResourceType("apps", "v1", "replicasets", "ReplicaSet", true);
    public static final ResourceType ENDPOINT_SLICES =
            new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
    public static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "v1", "leases", "Lease", true);
    public static final ResourceType INGRESSES =
            new ResourceType("networking.k8s.io", "v1", "ingresses", "Ingress", true);
    public static final ResourceType INGRESS_CLASSES =
            new ResourceType("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false);
    public static final ResourceType PRIORITY_CLASSES =
            new ResourceType("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false);

    public static final ResourceType PERSISTENT_VOLUME_CLAIMS =
            new ResourceType("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true);
    public static final ResourceType PERSISTENT_VOLUMES =
            new ResourceType("", "v1", "persistentvolumes", "PersistentVolume", false);
    public static final ResourceType REPLICATION_CONTROLLERS =
            new ResourceType("", "v1", "replicationcontrollers", "ReplicationController", true);
    public static final ResourceType RESOURCE_QUOTAS =
            new ResourceType("", "v1", "resourcequotas", "ResourceQuota", true);
    public static final ResourceType STATEFUL_SETS =
            new ResourceType("apps", "v1", "statefulsets", "StatefulSet", true);
    public static final ResourceType JOBS = new ResourceType("batch", "v1", "jobs", "Job", true);
    public static final ResourceType CRON_JOBS = new ResourceType("batch", "v1", "cronjobs", "CronJob", true);
    public static final ResourceType VOLUME_ATTRIBUTES_CLASSES =
            new ResourceType("storage.k8s.io", "v1", "volumeattributesclasses", "VolumeAttributesClass", false);

    public static final ResourceType FLOW_SCHEMAS =
            new ResourceType("flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema", false);
    public static final ResourceType PRIORITY_LEVELS = new ResourceType(
            "flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration", false);

    public static final ResourceType DAEMON_SETS = new ResourceType("apps", "v1", "daemonsets", "DaemonSet", true);
    public static final ResourceType CONTROLLER_REVISIONS =
            new ResourceType("apps", "v1", "controllerrevisions", "ControllerRevision", true);
    public static final ResourceType POD_DISRUPTION_BUDGETS =
            new ResourceType("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);
    public static final ResourceType HORIZONTAL_POD_AUTOSCALERS =
            new ResourceType("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true);
    public static final ResourceType STORAGE_CLASSES =
            new ResourceType("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);
    public static final ResourceType VOLUME_ATTACHMENTS =
            new ResourceType("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", false);
    public static final ResourceType CSI_DRIVERS =
            new ResourceType("storage.k8s.io", "v1", "csidrivers", "CSIDriver", false);
    public static final ResourceType CSI_NODES = new ResourceType("storage.k8s.io", "v1", "csinodes", "CSINode", false);
    public static final ResourceType CERTIFICATE_SIGNING_REQUESTS = new ResourceType(
            "certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest", false);
    public static final ResourceType CLUSTER_ROLES =
            new ResourceType("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);
    public static final ResourceType CLUSTER_ROLE_BINDINGS =
            new ResourceType("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false);
    public static final ResourceType SERVICE_CIDRS =
            new ResourceType("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false);
    public static final ResourceType IP_ADDRESSES =
            new ResourceType("networking.k8s.io", "v1", "ipaddresses", "IPAddress", false);
    public static final ResourceType RESOURCE_CLAIMS =
            new ResourceType("resource.k8s.io", "v1", "resourceclaims", "ResourceClaim", true);
    public static final ResourceType RESOURCE_CLAIM_TEMPLATES =
            new ResourceType("resource.k8s.io", "v1", "resourceclaimtemplates", "ResourceClaimTemplate", true);
    public static final ResourceType RESOURCE_SLICES =
            new ResourceType("resource.k8s.io", "v1", "resourceslices", "ResourceSlice", false);
    public static final ResourceType VALIDATING_ADMISSION_POLICIES = new ResourceType(
            "admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", false);

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// The path of the collection, or of one object.
    public String path(String namespace, String name, String subresource) {
        var path = new StringBuilder(group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version);
        if (namespaced && !namespace.isEmpty()) path.append("/namespaces/").append(namespace);
        path.append('/').append(plural);
        if (!name.isEmpty()) path.append('/').append(name);
        if (!subresource.isEmpty()) path.append('/').append(subresource);
        return path.toString();
    }
}
