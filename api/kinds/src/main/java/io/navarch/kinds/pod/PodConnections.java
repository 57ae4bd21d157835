package io.navarch.kinds.pod;

import io.navarch.kinds.node.NodeAgents;
import io.navarch.kinds.support.ProxiedName;
import io.navarch.model.Container;
import io.navarch.model.ContainerPort;
import io.navarch.model.EphemeralContainer;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.Addresses;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.subresource.Connector;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where connections to pods lead: logs and streams to the agent of the pod's node, proxied calls to the pod itself.
public final class PodConnections {
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";
    private static final int DEFAULT_PORT = 80;

    private PodConnections() {}

    /// A stream of a container, and what the kubelet calls it.
    private record Stdio(String parameter, String kubelet) {}

    private static final List<Stdio> STREAMS = List.of(
            new Stdio("stdin", "input"),
            new Stdio("stdout", "output"),
            new Stdio("stderr", "error"),
            new Stdio("tty", "tty"));

    public static Connector.Destination log(Connector.Request request, Admission.Lookup objects) {
        var parameters = LogOptions.parameters(request);
        var pod = pod(request.name(), request, objects);
        var path = "/containerLogs/" + path(pod) + "/" + container(pod, request.query("container"));
        // A pod that has no node yet has written nothing.
        return Pods.assigned(pod)
                ? new Connector.Fetch(agent(pod, objects), uri(path, parameters))
                : new Connector.Nothing();
    }

    public static Connector.Destination exec(Connector.Request request, Admission.Lookup objects) {
        return stream("exec", request, objects);
    }

    public static Connector.Destination attach(Connector.Request request, Admission.Lookup objects) {
        return stream("attach", request, objects);
    }

    private static Connector.Destination stream(String action, Connector.Request request, Admission.Lookup objects) {
        var pod = pod(request.name(), request, objects);
        var path = "/" + action + "/" + path(pod) + "/" + container(pod, request.query("container"));
        var parameters = new ArrayList<String>();
        for (var stream : STREAMS) {
            var wanted = request.query(stream.parameter);
            if (wanted.equals("true") || wanted.equals("1")) parameters.add(stream.kubelet + "=1");
        }
        for (var word : request.all("command")) parameters.add("command=" + encode(word));
        return new Connector.Upgrade(agent(pod, objects), uri(path, parameters));
    }

    public static Connector.Destination portForward(Connector.Request request, Admission.Lookup objects) {
        var pod = pod(request.name(), request, objects);
        var ports = request.all("ports").stream()
                .flatMap(each -> Stream.of(each.split(",")))
                .map(each -> String.valueOf(number(each)))
                .collect(Collectors.joining(","));
        var parameters = ports.isEmpty() ? List.<String>of() : List.of("port=" + ports);
        return new Connector.Upgrade(agent(pod, objects), uri("/portForward/" + path(pod), parameters));
    }

    /// `pods/[scheme:]name[:port]/proxy/…`
    public static Connector.Destination proxy(Connector.Request request, Admission.Lookup objects) {
        var named = ProxiedName.parse("pod", request.name());
        var pod = pod(named.name(), request, objects);
        int port = named.port().isEmpty() ? firstPort(pod) : number(named.port());
        var ip = pod.status().podIP();
        if (!Addresses.globalUnicast(ip)) throw ApiException.badRequest("address not allowed");
        return new Connector.Forward(new Connector.Host(ip, port, named.way()));
    }

    private static Pod pod(String name, Connector.Request request, Admission.Lookup objects) {
        var pod = objects.get(Resources.PODS, request.namespace(), name);
        if (!pod.exists()) throw ApiException.notFound(Resources.PODS.plural(), "", name);
        return pod;
    }

    private static Connector.Host agent(Pod pod, Admission.Lookup objects) {
        var node = pod.spec().nodeName();
        if (node.isEmpty()) throw ApiException.badRequest("pod " + pod.name() + " does not have a host assigned");
        return NodeAgents.of(node, objects);
    }

    private static String path(Pod pod) {
        return pod.namespace() + "/" + pod.name();
    }

    private static String uri(String path, List<String> parameters) {
        return parameters.isEmpty() ? path : path + "?" + String.join("&", parameters);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// The container that a request is about: the one named, the annotated default, or the only one.
    private static String container(Pod pod, String wanted) {
        var spec = pod.spec();
        var containers = spec.containers().stream().map(Container::name).toList();
        if (!wanted.isEmpty()) {
            boolean known = Stream.of(
                            containers.stream(),
                            spec.initContainers().stream().map(Container::name),
                            spec.ephemeralContainers().stream().map(EphemeralContainer::name))
                    .flatMap(names -> names)
                    .anyMatch(wanted::equals);
            if (known) return wanted;
            throw ApiException.badRequest("container " + wanted + " is not valid for pod " + pod.name());
        }
        var annotated = pod.annotation(DEFAULT_CONTAINER);
        if (containers.contains(annotated)) return annotated;
        if (containers.size() == 1) return containers.getFirst();
        throw ApiException.badRequest(
                "a container name must be specified for pod " + pod.name() + ", choose one of: " + containers);
    }

    private static int firstPort(Pod pod) {
        return pod.spec().containers().stream()
                .filter(container -> !container.ports().isEmpty())
                .findFirst()
                .map(container -> container.ports().getFirst())
                .map(ContainerPort::containerPort)
                .orElse(DEFAULT_PORT);
    }

    private static int number(String port) {
        if (port.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(port);
            if (number > 0 && number < 1 << 16) return number;
        }
        throw ApiException.badRequest("invalid port " + GoText.quoted(port));
    }
}
