package io.navarch.agent.act;

import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.model.Container;
import io.navarch.model.ContainerPort;
import io.navarch.model.HTTPGetAction;
import io.navarch.model.UriScheme;
import io.navarch.objects.IntOrString;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Calls a container over HTTP, for probes and hooks.
public interface HttpAction {
    /// Nobody is called, and all is well.
    HttpAction NONE = (action, spec, podAddress, timeout) -> 200;

    /// The status that the container answered with.
    int call(HTTPGetAction action, Container spec, String podAddress, Duration timeout) throws IOException;

    /// One for all probes and hooks: whoever answers is asked for no certificate, and every connection is for one call.
    static HttpAction over(HttpClient http) {
        var tls = Tls.client(new Tls.Trust.Anyone(), Optional.empty());
        return (action, spec, podAddress, timeout) -> {
            var host = action.hostOr(podAddress);
            int port = port(action.port(), spec);
            var target = action.scheme() == UriScheme.HTTPS
                    ? HttpClient.Target.secure(host, port, tls)
                    : HttpClient.Target.plain(host, port);
            var path = action.pathOr("/");
            var request = HttpClient.Request.of("GET", path.startsWith("/") ? path : "/" + path, headers(action));
            try (var response = http.send(target, request, timeout)) {
                return response.status();
            } catch (IllegalArgumentException e) {
                // A path or a header that HTTP has no place for.
                throw new IOException(e.getMessage(), e);
            }
        };
    }

    private static List<Map.Entry<String, String>> headers(HTTPGetAction action) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.put(HeaderNames.USER_AGENT, "kube-probe/1.36");
        headers.put(HeaderNames.ACCEPT, "*/*");
        for (var header : action.httpHeaders()) headers.put(header.name(), header.value());
        headers.put(HeaderNames.CONNECTION, "close");
        return List.copyOf(headers.entrySet());
    }

    /// The number of a port that may be given by its name, 0 when the container has none of that name.
    static int port(IntOrString port, Container spec) {
        if (port.isNumber()) return port.number();
        return spec.ports().stream()
                .filter(each -> each.name().equals(port.text()))
                .mapToInt(ContainerPort::containerPort)
                .findFirst()
                .orElse(0);
    }
}
