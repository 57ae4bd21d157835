package io.navarch.kinds;

import io.navarch.kinds.configmap.ConfigKinds;
import io.navarch.kinds.customresource.CustomResourceDefinitionKind;
import io.navarch.kinds.endpoints.EndpointsKinds;
import io.navarch.kinds.event.EventKinds;
import io.navarch.kinds.ingress.IngressKinds;
import io.navarch.kinds.lease.LeaseKind;
import io.navarch.kinds.namespace.NamespaceKind;
import io.navarch.kinds.node.NodeKind;
import io.navarch.kinds.pod.PodKind;
import io.navarch.kinds.priorityclass.PriorityClassKind;
import io.navarch.kinds.rbac.RbacKinds;
import io.navarch.kinds.review.ReviewKinds;
import io.navarch.kinds.service.ServiceKind;
import io.navarch.kinds.serviceaccount.ServiceAccountKind;
import io.navarch.kinds.types.Types;
import io.navarch.kinds.workload.WorkloadKinds;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.function.Function;

/// The kinds this build serves: one line each.
public final class BuiltInKinds {
    private static final List<Function<Types, KindDefinition>> ALL = List.of(
            ConfigKinds::configMap,
            EndpointsKinds::endpoints,
            EventKinds::core,
            NamespaceKind::definition,
            NodeKind::definition,
            PodKind::definition,
            ConfigKinds::secret,
            ServiceAccountKind::definition,
            ServiceKind::definition,
            WorkloadKinds::deployment,
            WorkloadKinds::replicaSet,
            EventKinds::events,
            ReviewKinds::selfSubjectReview,
            ReviewKinds::tokenReview,
            ReviewKinds::localSubjectAccessReview,
            ReviewKinds::selfSubjectAccessReview,
            ReviewKinds::selfSubjectRulesReview,
            ReviewKinds::subjectAccessReview,
            IngressKinds::ingressClass,
            IngressKinds::ingress,
            RbacKinds::clusterRoleBinding,
            RbacKinds::clusterRole,
            RbacKinds::roleBinding,
            RbacKinds::role,
            CustomResourceDefinitionKind::definition,
            PriorityClassKind::definition,
            LeaseKind::definition,
            EndpointsKinds::endpointSlice,
            // Last, so that clients that ask for "ingresses" find the group of today first.
            IngressKinds::legacyIngress);

    private BuiltInKinds() {}

    public static List<KindDefinition> all(Types types) {
        return ALL.stream().map(kind -> kind.apply(types)).toList();
    }
}
