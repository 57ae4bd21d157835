package io.navarch.controllers.resourceclaim;

import io.navarch.model.ResourceClaim;
import io.navarch.model.ResourceClaimSpec;
import io.navarch.process.Metric;
import io.navarch.reconcile.EventTemplate;
import java.util.Collection;
import java.util.List;

/// Metrics of claims.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`resourceclaim_controller_*`)
final class ClaimMetrics {
    private static final Metric CREATIONS = Metric.counter(
            "resourceclaim_controller_creates_total", "[ALPHA] Claims made for pods.", "status", "admin_access");
    private static final Metric CLAIMS = Metric.gauge(
            "resourceclaim_controller_resource_claims",
            "[ALPHA] Claims there are.",
            "allocated",
            "admin_access",
            "source");

    static final List<Metric> ALL = List.of(CREATIONS, CLAIMS);

    private ClaimMetrics() {}

    static EventTemplate creation(ResourceClaimSpec claim) {
        var access = adminAccess(claim);
        return EventTemplate.NONE.counting(
                List.of(CREATIONS.once("success", access)), List.of(CREATIONS.once("failure", access)));
    }

    private static String adminAccess(ResourceClaimSpec claim) {
        return String.valueOf(claim.devices().requests().stream()
                .anyMatch(request -> request.exactly().adminAccess()));
    }

    static List<Metric.Sample> gauges(Collection<ResourceClaim> claims) {
        return claims.stream()
                .map(claim -> CLAIMS.once(
                        String.valueOf(claim.status().hasAllocation()),
                        adminAccess(claim.spec()),
                        claim.annotation(Seen.POD_CLAIM).isEmpty() ? "" : "resource_claim_template"))
                .toList();
    }
}
