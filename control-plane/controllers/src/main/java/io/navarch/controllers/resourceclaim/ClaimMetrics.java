package io.navarch.controllers.resourceclaim;

import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.EventTemplate;
import java.util.Collection;
import java.util.List;

/// What is counted of claims.
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

    static EventTemplate creation(View template) {
        var access = adminAccess(template.spec());
        return EventTemplate.NONE.counting(
                List.of(CREATIONS.once("success", access)), List.of(CREATIONS.once("failure", access)));
    }

    private static String adminAccess(View claim) {
        return String.valueOf(claim.spec().get("devices", "requests").stream()
                .anyMatch(request -> request.get("adminAccess").bool()
                        || request.get("exactly", "adminAccess").bool()));
    }

    static List<Metric.Sample> state(Collection<View> claims) {
        return claims.stream()
                .map(claim -> CLAIMS.once(
                        String.valueOf(claim.status().get("allocation").exists()),
                        adminAccess(claim),
                        claim.annotation(ResourceClaimController.POD_CLAIM).isEmpty() ? "" : "resource_claim_template"))
                .toList();
    }
}
