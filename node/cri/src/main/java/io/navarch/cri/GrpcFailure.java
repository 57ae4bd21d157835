package io.navarch.cri;

import io.grpc.StatusRuntimeException;

/// Failures of calls in the words of the port.
final class GrpcFailure {
    private GrpcFailure() {}

    static RuntimeFailure of(StatusRuntimeException e) {
        var reason = switch (e.getStatus().getCode()) {
            case NOT_FOUND -> RuntimeFailure.Reason.NOT_FOUND;
            case UNAVAILABLE -> RuntimeFailure.Reason.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> RuntimeFailure.Reason.DEADLINE_EXCEEDED;
            case INVALID_ARGUMENT -> RuntimeFailure.Reason.INVALID_ARGUMENT;
            default -> RuntimeFailure.Reason.UNKNOWN;
        };
        return new RuntimeFailure(reason, String.valueOf(e.getStatus().getDescription()), e);
    }
}
