package io.navarch.apiserver.proxy;

import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.http.HttpClient;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Carries requests to where pods are: logs and streams to the node's agent, proxied calls to pods, services and nodes.
/// Upgraded connections are spliced byte for byte, so the agent speaks SPDY or WebSocket with the client itself.
public final class NodeProxy {
    private static final Set<String> HOP_HEADERS = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "authorization",
            "content-length");

    private final HttpClient client;
    private final SslContext nodeTls;
    private final Resources resources;

    /// @param nodeTls shows the API server's certificate and trusts the cluster's authority
    public NodeProxy(HttpClient client, SslContext nodeTls, Resources resources) {
        this.client = client;
        this.nodeTls = nodeTls;
        this.resources = resources;
    }

    private View pod(RequestContext context) {
        var name = context.info.name();
        var pod = resources.get("", "pods", context.info.namespace(), name);
        if (!pod.exists()) throw ApiException.notFound("pods", "", name);
        return pod;
    }

    private HttpClient.Target agent(String nodeName, String podName) {
        if (nodeName.isEmpty()) throw ApiException.badRequest("pod " + podName + " does not have a host assigned");
        var node = resources.get("", "nodes", "", nodeName);
        if (!node.exists()) throw ApiException.notFound("nodes", "", nodeName);
        var address = node.status()
                .get("addresses")
                .find("type", "InternalIP")
                .get("address")
                .string();
        int port =
                node.status().get("daemonEndpoints", "kubeletEndpoint", "Port").intOr(10250);
        return HttpClient.Target.secure(address, port, nodeTls);
    }

    /// The container that a request is about: the one named, or the only one, or the annotated default.
    private static String container(View pod, String wanted) {
        var names = new ArrayList<String>();
        for (var field : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (var container : pod.spec().get(field).views())
                names.add(container.get("name").string());
        }
        if (!wanted.isEmpty()) {
            if (!names.contains(wanted))
                throw ApiException.badRequest("container " + wanted + " is not valid for pod " + pod.name());
            return wanted;
        }
        var containers = pod.spec().get("containers").stream()
                .map(container -> container.get("name").string())
                .toList();
        var annotated = pod.annotation("kubectl.kubernetes.io/default-container");
        if (containers.contains(annotated)) return annotated;
        if (containers.size() == 1) return containers.getFirst();
        throw ApiException.badRequest(
                "a container name must be specified for pod " + pod.name() + ", choose one of: " + containers);
    }

    public void log(RequestContext context) throws IOException {
        var pod = pod(context);
        var container = container(pod, context.call().query("container"));
        var target = agent(pod.spec().get("nodeName").string(), pod.name());
        var query = new StringBuilder();
        for (var name : List.of(
                "follow", "previous", "timestamps", "sinceSeconds", "sinceTime", "tailLines", "limitBytes", "stream")) {
            if (!context.call().query(name).isEmpty())
                query.append('&')
                        .append(name)
                        .append('=')
                        .append(encode(context.call().query(name)));
        }
        var uri = "/containerLogs/" + pod.namespace() + "/" + pod.name() + "/" + container
                + (query.isEmpty() ? "" : "?" + query.substring(1));
        forward(context, target, "GET", uri, List.of(), null);
    }

    public void exec(RequestContext context) throws IOException {
        stream(context, "exec");
    }

    public void attach(RequestContext context) throws IOException {
        stream(context, "attach");
    }

    private void stream(RequestContext context, String action) throws IOException {
        var pod = pod(context);
        var container = container(pod, context.call().query("container"));
        var query = new StringBuilder();
        for (var name : List.of("stdin", "stdout", "stderr", "tty")) {
            var value = context.call().query(name);
            var kubelet = switch (name) {
                case "stdin" -> "input";
                case "stdout" -> "output";
                case "stderr" -> "error";
                default -> "tty";
            };
            if (value.equals("true") || value.equals("1"))
                query.append('&').append(kubelet).append("=1");
        }
        for (var word : context.call().query().getOrDefault("command", List.of()))
            query.append("&command=").append(encode(word));
        var uri = "/" + action + "/" + pod.namespace() + "/" + pod.name() + "/" + container
                + (query.isEmpty() ? "" : "?" + query.substring(1));
        upgrade(context, agent(pod.spec().get("nodeName").string(), pod.name()), uri);
    }

    public void portForward(RequestContext context) throws IOException {
        var pod = pod(context);
        var ports = String.join(",", context.call().query().getOrDefault("ports", List.of()));
        var uri = "/portForward/" + pod.namespace() + "/" + pod.name() + (ports.isEmpty() ? "" : "?port=" + ports);
        upgrade(context, agent(pod.spec().get("nodeName").string(), pod.name()), uri);
    }

    private void upgrade(RequestContext context, HttpClient.Target target, String uri) throws IOException {
        var exchange = context.call().exchange();
        if (exchange == null || !exchange.wantsUpgrade()) throw ApiException.badRequest("Upgrade request required");
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (var header : exchange.headers()) {
            var name = header.getKey().toLowerCase(java.util.Locale.ROOT);
            if (!name.equals("host") && !name.equals("authorization") && !name.equals("content-length"))
                headers.add(header);
        }
        var request = HttpClient.Request.of(exchange.method(), uri, headers);
        var response = send(target, request);
        if (response.status() != 101) {
            copy(context, response);
            return;
        }
        context.done = true;
        exchange.upgrade().raw(response.headers()).splice(response.upgraded());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpClient.Response send(HttpClient.Target target, HttpClient.Request request) {
        try {
            return client.send(target, request, Duration.ZERO);
        } catch (IOException e) {
            throw new ApiException(
                    ApiException.Reason.SERVICE_UNAVAILABLE, "error trying to reach service: " + e.getMessage());
        }
    }

    // Proxying HTTP.

    /// `pods/[scheme:]name[:port]/proxy/…`
    public void podProxy(RequestContext context) throws IOException {
        var parts = context.info.name().split(":");
        var name = parts.length == 3 ? parts[1] : parts[0];
        var pod = resources.get("", "pods", context.info.namespace(), name);
        if (!pod.exists()) throw ApiException.notFound("pods", "", name);
        var port = parts.length == 3 ? parts[2] : parts.length == 2 ? parts[1] : firstPort(pod);
        var ip = pod.status().get("podIP").string();
        if (ip.isEmpty()) throw new ApiException(ApiException.Reason.SERVICE_UNAVAILABLE, "address not allowed");
        proxy(context, HttpClient.Target.plain(ip, number(port)));
    }

    private static String firstPort(View pod) {
        for (var container : pod.spec().get("containers").views()) {
            if (!container.get("ports").list().isEmpty())
                return container.get("ports").at(0).get("containerPort").text();
        }
        return "80";
    }

    private static int number(String port) {
        try {
            return port.isEmpty() ? 80 : Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("invalid port \"" + port + "\"");
        }
    }

    /// `services/[scheme:]name[:port]/proxy/…`, to one of the ready endpoints.
    public void serviceProxy(RequestContext context) throws IOException {
        var parts = context.info.name().split(":");
        var name = parts.length == 3 ? parts[1] : parts[0];
        var wanted = parts.length == 3 ? parts[2] : parts.length == 2 ? parts[1] : "";
        var service = resources.get("", "services", context.info.namespace(), name);
        if (!service.exists()) throw ApiException.notFound("services", "", name);
        for (var port : service.spec().get("ports").views()) {
            boolean chosen = wanted.isEmpty()
                    || port.get("name").string().equals(wanted)
                    || port.get("port").text().equals(wanted);
            if (!chosen) continue;
            for (var slice : resources.list("discovery.k8s.io", "endpointslices", context.info.namespace())) {
                if (!slice.labels()
                        .getOrDefault("kubernetes.io/service-name", "")
                        .equals(name)) continue;
                var number = slice.get("ports")
                        .find("name", port.get("name").string())
                        .get("port");
                for (var endpoint : slice.get("endpoints").views()) {
                    if (!number.exists() || !endpoint.get("conditions", "ready").boolOr(true)) continue;
                    proxy(
                            context,
                            HttpClient.Target.plain(
                                    endpoint.get("addresses").at(0).string(), number.intOr(80)));
                    return;
                }
            }
        }
        throw new ApiException(
                ApiException.Reason.SERVICE_UNAVAILABLE, "no endpoints available for service \"" + name + "\"");
    }

    /// `nodes/name[:port]/proxy/…`: the agent's own HTTP API.
    public void nodeProxy(RequestContext context) throws IOException {
        proxy(context, agent(context.info.name().split(":")[0], ""));
    }

    private void proxy(RequestContext context, HttpClient.Target target) throws IOException {
        var marker = "/" + context.info.name() + "/proxy";
        var path = context.call().path();
        var rest = path.substring(path.indexOf(marker) + marker.length());
        var exchange = context.call().exchange();
        var query = exchange == null ? "" : exchange.rawQuery();
        var uri = (rest.isEmpty() ? "/" : rest) + (query.isEmpty() ? "" : "?" + query);
        if (exchange != null && exchange.wantsUpgrade()) {
            upgrade(context, target, uri);
            return;
        }
        var headers = new ArrayList<Map.Entry<String, String>>();
        if (exchange != null) {
            for (var header : exchange.headers()) {
                if (!HOP_HEADERS.contains(header.getKey().toLowerCase(java.util.Locale.ROOT))) headers.add(header);
            }
        }
        forward(context, target, context.call().method(), uri, headers, BodyDecoder.read(context));
    }

    private void forward(
            RequestContext context,
            HttpClient.Target target,
            String method,
            String uri,
            List<Map.Entry<String, String>> headers,
            byte[] body)
            throws IOException {
        var request = body == null || body.length == 0
                ? HttpClient.Request.of(method, uri, headers)
                : HttpClient.Request.of(method, uri, headers, body);
        var response = send(target, request);
        context.call().onClose(response::close);
        copy(context, response);
    }

    private static void copy(RequestContext context, HttpClient.Response response) throws IOException {
        context.done = true;
        try (response) {
            var headers = new java.util.LinkedHashMap<String, String>();
            for (var header : response.headers()) {
                if (!HOP_HEADERS.contains(header.getKey().toLowerCase(java.util.Locale.ROOT)))
                    headers.put(header.getKey(), header.getValue());
            }
            try (var out = context.call().start(response.status(), headers)) {
                response.body().transferTo(out);
            }
        }
    }
}
