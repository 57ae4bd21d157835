package io.navarch.schema.subresource;

import io.navarch.schema.admission.Admission;
import java.util.List;
import java.util.Map;

/// Decides where a connection through the server leads: to a node's agent, a pod, a service. The server forwards or
/// splices the bytes itself.
public non-sealed interface Connector extends Subresource {
    /// @throws io.navarch.objects.ApiException when there is nothing to connect to
    Destination connect(Request request, Admission.Lookup objects);

    record Request(String namespace, String name, Map<String, List<String>> query) {
        /// The first value of a parameter, or `""`.
        public String query(String parameter) {
            var values = all(parameter);
            return values.isEmpty() ? "" : values.getFirst();
        }

        /// All values of a parameter.
        public List<String> all(String parameter) {
            return query.getOrDefault(parameter, List.of());
        }
    }

    /// How a host is called.
    enum Way {
        PLAIN,
        /// Over TLS, whatever certificate it shows: it has none of the cluster's, and its address is known.
        SECURE,
        /// A node's agent: over TLS, shown the server's certificate.
        AGENT
    }

    record Host(String address, int port, Way way) {
        public Host(String address, int port, boolean agent) {
            this(address, port, agent ? Way.AGENT : Way.PLAIN);
        }

        /// The same host, called as the caller says.
        public Host over(Way other) {
            return new Host(address, port, other);
        }

        public boolean agent() {
            return way == Way.AGENT;
        }
    }

    sealed interface Destination {}

    /// There is nothing to be said yet: the answer is empty.
    record Nothing() implements Destination {}

    /// The answer to a GET of this path and query is passed on.
    record Fetch(Host host, String uri) implements Destination {}

    /// The connection is upgraded at this path and query, then both sides talk directly.
    record Upgrade(Host host, String uri) implements Destination {}

    /// The call itself is passed on: method, headers, body, and the path and query behind the subresource.
    record Forward(Host host) implements Destination {}
}
