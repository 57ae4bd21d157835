package io.navarch.aggregation.status;

import io.navarch.model.ConditionStatus;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Service;
import io.navarch.reconcile.Reason;
import java.util.List;
import java.util.Optional;

/// Whether the server behind an APIService can be called, and why not.
///
/// @param reason in the words of the original
public record Availability(ConditionStatus status, Reason reason) {
    private static final Availability LOCAL =
            new Availability(ConditionStatus.TRUE, Reason.of("Local", "Local APIServices are always available"));

    /// What is known without asking the server; empty when it has to be asked.
    static Optional<Availability> known(Registration registration, Service service, List<EndpointSlice> slices) {
        if (registration.backend().isEmpty()) return Optional.of(LOCAL);
        var backend = registration.backend().get();
        var named = "service/" + backend.service() + " in \"" + backend.namespace() + "\"";
        if (!service.exists()) return Optional.of(missing("ServiceNotFound", named + " is not present"));
        // Only behind an address of the cluster's own are endpoints that are known here.
        if (!service.spec().type().text().equals("ClusterIP")) return Optional.empty();
        var port = EndpointChoice.port(service, backend.port());
        if (port.isEmpty())
            return Optional.of(missing("ServicePortError", named + " is not listening on port " + backend.port()));
        if (slices.isEmpty())
            return Optional.of(missing("EndpointsNotFound", "cannot find endpointslices for " + named));
        boolean ready = slices.stream()
                .anyMatch(slice -> EndpointChoice.number(slice, port.get()).isPresent()
                        && slice.endpoints().stream()
                                .anyMatch(each -> each.conditions().readyOr(true)));
        if (!ready)
            return Optional.of(missing(
                    "MissingEndpoints",
                    "endpointslices for " + named + " have no addresses with port name \""
                            + port.get().name() + "\""));
        return Optional.empty();
    }

    /// What the server's answer says.
    ///
    /// @param failure why it is none; empty when it is
    static Availability asked(Optional<String> failure) {
        return failure.map(why -> missing("FailedDiscoveryCheck", why))
                .orElse(new Availability(ConditionStatus.TRUE, Reason.of("Passed", "all checks passed")));
    }

    private static Availability missing(String reason, String message) {
        return new Availability(ConditionStatus.FALSE, Reason.of(reason, message));
    }

    boolean holds() {
        return status == ConditionStatus.TRUE;
    }
}
