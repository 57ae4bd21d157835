package io.navarch.controllers.resourceclaim;

import io.navarch.model.Pod;
import io.navarch.model.ResourceClaim;
import io.navarch.model.ResourceClaimTemplate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is known of one key: that of a pod, or that of a claim.
public sealed interface Seen {
    /// The annotation that tells which of its pod's claims an object was made for.
    String POD_CLAIM = "resource.kubernetes.io/pod-claim-name";

    /// @param claims those that were made for the pod
    /// @param templates those that the pod names, by name
    record OfPod(Pod pod, List<ResourceClaim> claims, Map<String, ResourceClaimTemplate> templates) implements Seen {}

    /// @param users the uids of pods that have not ended, of those that have reserved the claim
    record OfClaim(ResourceClaim claim, Set<String> users) implements Seen {}
}
