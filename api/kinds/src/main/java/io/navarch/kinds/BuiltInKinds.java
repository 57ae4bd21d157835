package io.navarch.kinds;

import io.navarch.kinds.apiservice.ApiServiceKind;
import io.navarch.kinds.binding.BindingKind;
import io.navarch.kinds.certificatesigningrequest.CertificateSigningRequestKind;
import io.navarch.kinds.clusterrole.ClusterRoleKind;
import io.navarch.kinds.clusterrolebinding.ClusterRoleBindingKind;
import io.navarch.kinds.componentstatus.ComponentStatusKind;
import io.navarch.kinds.configmap.ConfigMapKind;
import io.navarch.kinds.controllerrevision.ControllerRevisionKind;
import io.navarch.kinds.cronjob.CronJobKind;
import io.navarch.kinds.csidriver.CsiDriverKind;
import io.navarch.kinds.csinode.CsiNodeKind;
import io.navarch.kinds.csistoragecapacity.CsiStorageCapacityKind;
import io.navarch.kinds.customresource.CustomResourceDefinitionKind;
import io.navarch.kinds.daemonset.DaemonSetKind;
import io.navarch.kinds.deployment.DeploymentKind;
import io.navarch.kinds.deviceclass.DeviceClassKind;
import io.navarch.kinds.endpoints.EndpointsKind;
import io.navarch.kinds.endpointslice.EndpointSliceKind;
import io.navarch.kinds.event.EventKinds;
import io.navarch.kinds.flowschema.FlowSchemaKind;
import io.navarch.kinds.horizontalpodautoscaler.HorizontalPodAutoscalerKind;
import io.navarch.kinds.ingress.IngressKind;
import io.navarch.kinds.ingressclass.IngressClassKind;
import io.navarch.kinds.ipaddress.IpAddressKind;
import io.navarch.kinds.job.JobKind;
import io.navarch.kinds.lease.LeaseKind;
import io.navarch.kinds.limitrange.LimitRangeKind;
import io.navarch.kinds.localsubjectaccessreview.LocalSubjectAccessReviewKind;
import io.navarch.kinds.mutatingadmissionpolicy.MutatingAdmissionPolicyKind;
import io.navarch.kinds.mutatingadmissionpolicybinding.MutatingAdmissionPolicyBindingKind;
import io.navarch.kinds.mutatingwebhookconfiguration.MutatingWebhookConfigurationKind;
import io.navarch.kinds.namespace.NamespaceKind;
import io.navarch.kinds.networkpolicy.NetworkPolicyKind;
import io.navarch.kinds.node.NodeKind;
import io.navarch.kinds.persistentvolume.PersistentVolumeKind;
import io.navarch.kinds.persistentvolumeclaim.PersistentVolumeClaimKind;
import io.navarch.kinds.pod.OldAnnotations;
import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.pod.PodKind;
import io.navarch.kinds.pod.PodRules;
import io.navarch.kinds.poddisruptionbudget.PodDisruptionBudgetKind;
import io.navarch.kinds.podtemplate.PodTemplateKind;
import io.navarch.kinds.priorityclass.PriorityClassKind;
import io.navarch.kinds.prioritylevelconfiguration.PriorityLevelConfigurationKind;
import io.navarch.kinds.replicaset.ReplicaSetKind;
import io.navarch.kinds.replicationcontroller.ReplicationControllerKind;
import io.navarch.kinds.resourceclaim.ResourceClaimKind;
import io.navarch.kinds.resourceclaimtemplate.ResourceClaimTemplateKind;
import io.navarch.kinds.resourcequota.ResourceQuotaKind;
import io.navarch.kinds.resourceslice.ResourceSliceKind;
import io.navarch.kinds.role.RoleKind;
import io.navarch.kinds.rolebinding.RoleBindingKind;
import io.navarch.kinds.runtimeclass.RuntimeClassKind;
import io.navarch.kinds.secret.SecretKind;
import io.navarch.kinds.selfsubjectaccessreview.SelfSubjectAccessReviewKind;
import io.navarch.kinds.selfsubjectreview.SelfSubjectReviewKind;
import io.navarch.kinds.selfsubjectrulesreview.SelfSubjectRulesReviewKind;
import io.navarch.kinds.service.ServiceKind;
import io.navarch.kinds.serviceaccount.ServiceAccountKind;
import io.navarch.kinds.servicecidr.ServiceCidrKind;
import io.navarch.kinds.statefulset.StatefulSetKind;
import io.navarch.kinds.storageclass.StorageClassKind;
import io.navarch.kinds.subjectaccessreview.SubjectAccessReviewKind;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.tokenreview.TokenReviewKind;
import io.navarch.kinds.types.Types;
import io.navarch.kinds.types.Types.TypeRules;
import io.navarch.kinds.validatingadmissionpolicy.ValidatingAdmissionPolicyKind;
import io.navarch.kinds.validatingadmissionpolicybinding.ValidatingAdmissionPolicyBindingKind;
import io.navarch.kinds.validatingwebhookconfiguration.ValidatingWebhookConfigurationKind;
import io.navarch.kinds.volumeattachment.VolumeAttachmentKind;
import io.navarch.kinds.volumeattributesclass.VolumeAttributesClassKind;
import io.navarch.model.LabelSelector;
import io.navarch.model.Pod;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.Toleration;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// The kinds this build serves: one line each, in the order in which clients are told of them.
public final class BuiltInKinds {
    private static final List<Function<Types, KindDefinition>> ALL = List.of(
            BindingKind::definition,
            ComponentStatusKind::definition,
            ConfigMapKind::definition,
            EndpointsKind::definition,
            EventKinds::core,
            LimitRangeKind::definition,
            NamespaceKind::definition,
            NodeKind::definition,
            PersistentVolumeClaimKind::definition,
            PersistentVolumeKind::definition,
            PodKind::definition,
            PodTemplateKind::definition,
            ReplicationControllerKind::definition,
            ResourceQuotaKind::definition,
            SecretKind::definition,
            ServiceAccountKind::definition,
            ServiceKind::definition,
            ApiServiceKind::definition,
            ControllerRevisionKind::definition,
            DaemonSetKind::definition,
            DeploymentKind::definition,
            ReplicaSetKind::definition,
            StatefulSetKind::definition,
            EventKinds::events,
            SelfSubjectReviewKind::definition,
            TokenReviewKind::definition,
            LocalSubjectAccessReviewKind::definition,
            SelfSubjectAccessReviewKind::definition,
            SelfSubjectRulesReviewKind::definition,
            SubjectAccessReviewKind::definition,
            HorizontalPodAutoscalerKind::definition,
            CronJobKind::definition,
            JobKind::definition,
            CertificateSigningRequestKind::definition,
            IngressClassKind::definition,
            IngressKind::definition,
            IpAddressKind::definition,
            NetworkPolicyKind::definition,
            ServiceCidrKind::definition,
            PodDisruptionBudgetKind::definition,
            ClusterRoleBindingKind::definition,
            ClusterRoleKind::definition,
            RoleBindingKind::definition,
            RoleKind::definition,
            CsiDriverKind::definition,
            CsiNodeKind::definition,
            CsiStorageCapacityKind::definition,
            StorageClassKind::definition,
            VolumeAttachmentKind::definition,
            VolumeAttributesClassKind::definition,
            MutatingAdmissionPolicyKind::definition,
            MutatingAdmissionPolicyBindingKind::definition,
            MutatingWebhookConfigurationKind::definition,
            ValidatingAdmissionPolicyKind::definition,
            ValidatingAdmissionPolicyBindingKind::definition,
            ValidatingWebhookConfigurationKind::definition,
            CustomResourceDefinitionKind::definition,
            PriorityClassKind::definition,
            LeaseKind::definition,
            RuntimeClassKind::definition,
            EndpointSliceKind::definition,
            DeviceClassKind::definition,
            ResourceClaimKind::definition,
            ResourceClaimTemplateKind::definition,
            ResourceSliceKind::definition,
            FlowSchemaKind::definition,
            PriorityLevelConfigurationKind::definition,
            // Last, so that clients that ask for "ingresses" find the group of today first.
            IngressKind::legacy);

    /// A pod's spec is the same in a Pod and in a Job: its rules and defaults belong to the type.
    private static final Map<String, TypeRules> RULES = Map.of(
            "V1Pod", type(Pod::of, (pod, path, check) -> {}, OldAnnotations::drop),
            "V1PodTemplateSpec", type(PodTemplateSpec::of, (template, path, check) -> {}, OldAnnotations::drop),
            "V1PodSpec", type(PodSpec::of, (spec, path, check) -> {}, PodDefaults::spec),
            "V1Toleration", type(Toleration::of, PodRules::toleration, toleration -> {}),
            "V1LabelSelector", type(LabelSelector::of, BuiltInKinds::selector, selector -> {}));

    /// What chooses metrics goes to the metrics' server as it is; a CronJob may not have a selector at all.
    private static void selector(LabelSelector selector, String path, Check check) {
        if (path.endsWith(".metric.selector") || path.startsWith("spec.jobTemplate.spec.selector")) return;
        check.labelSelector(selector, path);
    }

    private interface Rule<T> {
        void check(T value, String path, Check check);
    }

    private BuiltInKinds() {}

    private static <T> TypeRules type(Function<View, T> as, Rule<T> rule, Consumer<Map<String, Object>> defaults) {
        return new TypeRules(
                (value, old, update, path, errors) -> rule.check(as.apply(value), path, new Check(errors)), defaults);
    }

    /// The types that the kinds are made of.
    public static Types types() {
        return new Types(RULES);
    }

    public static List<KindDefinition> all(Types types) {
        return ALL.stream().map(kind -> kind.apply(types)).toList();
    }
}
