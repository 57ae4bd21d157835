package io.navarch.images.registry;

import io.navarch.http.Exchange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who calls the registry, and what they may do in it.
public interface RegistryAccess {
    record Caller(String user, String uid, List<String> groups, Map<String, List<String>> extra) {}

    /// What may be allowed, by the verbs of the API.
    enum Action {
        PULL("get"),
        PUSH("create"),
        DELETE("delete"),
        LIST("list");

        private final String verb;

        Action(String verb) {
            this.verb = verb;
        }

        String verb() {
            return verb;
        }
    }

    /// Empty when what the call shows is nobody's.
    Optional<Caller> caller(Exchange exchange);

    /// @param repository `""` for all of them
    boolean allowed(Caller caller, Action action, String repository);

    /// Whether it may have every image that the cluster has, as nodes may for pods.
    boolean everyImage(Caller caller);
}
