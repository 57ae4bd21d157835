package io.navarch.agent.decide;

import io.navarch.model.Pod;
import io.navarch.model.Service;
import io.navarch.model.ServicePort;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The variables that tell a container of the Services in its namespace, and of the API.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
final class ServiceLinks {
    private ServiceLinks() {}

    static Map<String, String> of(Pod pod, Collection<Service> services) {
        boolean links = pod.spec().enableServiceLinksOr(true);
        var result = new LinkedHashMap<String, String>();
        for (var service : services) {
            boolean api =
                    service.namespace().equals("default") && service.name().equals("kubernetes");
            if (!api && (!links || !service.namespace().equals(pod.namespace()))) continue;
            var address = service.spec().clusterIP();
            if (!address.isEmpty() && !address.equals("None")) service(service, address, result);
        }
        return result;
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static void service(Service service, String address, Map<String, String> result) {
        var name = upper(service.name());
        boolean first = true;
        for (var port : service.spec().ports()) {
            if (first) {
                result.put(name + "_SERVICE_HOST", address);
                result.put(name + "_SERVICE_PORT", String.valueOf(port.port()));
                result.put(name + "_PORT", url(port, address));
                first = false;
            }
            if (!port.name().isEmpty())
                result.put(name + "_SERVICE_PORT_" + upper(port.name()), String.valueOf(port.port()));
            var prefix = name + "_PORT_" + port.port() + "_" + protocol(port);
            result.put(prefix, url(port, address));
            result.put(prefix + "_PROTO", protocol(port).toLowerCase(Locale.ROOT));
            result.put(prefix + "_PORT", String.valueOf(port.port()));
            result.put(prefix + "_ADDR", address);
        }
    }

    private static String protocol(ServicePort port) {
        var protocol = port.protocol().text();
        return protocol.isEmpty() ? "TCP" : protocol;
    }

    private static String url(ServicePort port, String address) {
        return protocol(port).toLowerCase(Locale.ROOT) + "://" + address + ":" + port.port();
    }
}
