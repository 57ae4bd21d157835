package io.navarch.client;

import io.navarch.http.Tls;
import io.navarch.process.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// As whom webhooks are called: the users of a kubeconfig file are named like those whom they are for, a host with its
/// port, or `*.` and what it ends with, or `*` for all.
///
/// Source:
/// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#authenticate-apiservers
public final class WebhookCredentials {
    /// What a webhook is shown.
    ///
    /// @param token a bearer token, `""` for none
    public record Caller(Optional<Tls.Identity> identity, String token) {
        public static final Caller NOBODY = new Caller(Optional.empty(), "");
    }

    /// All webhooks are called without.
    public static final WebhookCredentials NONE = new WebhookCredentials(Map.of(), Caller.NOBODY);

    private final Map<String, Caller> named;
    private final Caller others;

    private WebhookCredentials(Map<String, Caller> named, Caller others) {
        this.named = named;
        this.others = others;
    }

    /// @throws ConfigurationException when the file is something else, or says what is not supported
    public static WebhookCredentials read(Path file) throws IOException {
        var config = Kubeconfig.tree(file);
        var named = new HashMap<String, Caller>();
        for (var user : config.get("users").views()) {
            var section = new KubeconfigSection(file, user.get("user"));
            section.without(Kubeconfig.OTHER_USERS);
            named.put(user.get("name").string(), new Caller(Kubeconfig.identity(section), Kubeconfig.token(section)));
        }
        var context = config.get("contexts")
                .find("name", config.get("current-context").string());
        var current = named.get(context.get("context", "user").string());
        return new WebhookCredentials(named, named.getOrDefault("*", current == null ? Caller.NOBODY : current));
    }

    /// @param host that is called, or the name of a service: `NAME.NAMESPACE.svc`
    Caller of(String host, int port) {
        var names = new ArrayList<>(patterns((host.contains(":") ? "[" + host + "]" : host) + ":" + port));
        if (port == Webhooks.DEFAULT_PORT) names.addAll(patterns(host));
        for (var name : names) if (named.containsKey(name)) return named.get(name);
        return others;
    }

    /// The name itself, and all that it ends with.
    private static List<String> patterns(String target) {
        var names = new ArrayList<>(List.of(target));
        for (int dot = target.indexOf('.'); dot >= 0; dot = target.indexOf('.', dot + 1))
            names.add("*." + target.substring(dot + 1));
        return names;
    }
}
