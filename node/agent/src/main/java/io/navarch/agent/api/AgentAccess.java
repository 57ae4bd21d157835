package io.navarch.agent.api;

import io.navarch.http.Exchange;
import io.navarch.objects.ApiException;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may call the node for what.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/
record AgentAccess(Reviews reviews, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(AgentAccess.class);
    private static final String BEARER = "Bearer ";
    private static final String PROXY = "proxy";

    /// Whether the call may go on; it is answered if not.
    ///
    /// @param first of the path's parts, by which calls are told apart
    boolean admits(Exchange exchange, String first) throws IOException {
        var caller = caller(exchange);
        if (caller.isEmpty()) {
            Answers.text(exchange, 401, "Unauthorized");
            return false;
        }
        var verb = verb(exchange.method());
        var subresources = subresources(first);
        var who = "user=" + caller.get().user() + ", verb=" + verb + ", resource=nodes, subresource";
        try {
            if (caller.get().master()) return true;
            for (var subresource : subresources) {
                if (reviews.allowed(caller.get(), verb, subresource)) return true;
            }
        } catch (ApiException e) {
            LOG.warn("cannot tell whether {} may: {}", caller.get().user(), e.getMessage());
            Answers.text(exchange, 500, "Authorization error (" + who + "=" + subresources.getFirst() + ")");
            return false;
        }
        Answers.text(exchange, 403, "Forbidden (" + who + "(s)=[" + String.join(" ", subresources) + "])\n");
        return false;
    }

    private Optional<Caller> caller(Exchange exchange) {
        var certificate = exchange.clientCertificate();
        // It was good when the connection was made, which may be long ago.
        if (certificate.isPresent() && holds(certificate.get())) {
            var named = new ClientIdentity(certificate.get().getSubjectX500Principal()).caller();
            if (named.isPresent()) return named;
        }
        var header = exchange.header("authorization");
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) return Optional.empty();
        var token = header.substring(BEARER.length()).strip();
        try {
            return token.isEmpty() ? Optional.empty() : reviews.authenticate(token);
        } catch (ApiException e) {
            LOG.warn("cannot tell whose token it is: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private boolean holds(X509Certificate certificate) {
        var now = clock.instant();
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "GET" -> "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "";
        };
    }

    /// The parts of a node of which one must be allowed.
    static List<String> subresources(String first) {
        return switch (first) {
            case "stats" -> List.of("stats");
            case "metrics" -> List.of("metrics");
            case "logs" -> List.of("log");
            case "checkpoint" -> List.of("checkpoint");
            case "statusz" -> List.of("statusz");
            case "flagz" -> List.of("configz");
            case "pods", "runningpods" -> List.of("pods", PROXY);
            case "healthz" -> List.of("healthz", PROXY);
            case "configz" -> List.of("configz", PROXY);
            default -> List.of(PROXY);
        };
    }
}
