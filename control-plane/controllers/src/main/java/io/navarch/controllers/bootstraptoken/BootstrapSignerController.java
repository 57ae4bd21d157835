package io.navarch.controllers.bootstraptoken;

import io.navarch.client.Caches;
import io.navarch.kinds.secret.BootstrapToken;
import io.navarch.kinds.secret.TokenSignature;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Signs the kubeconfig in `kube-public/cluster-info` with every bootstrap token, so that whoever knows a token can
/// trust it.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/#configmap-signing
public final class BootstrapSignerController implements Controller<BootstrapSignerController.Seen> {
    private static final ObjectKey CLUSTER_INFO = new ObjectKey("kube-public", "cluster-info");
    private static final String SIGNATURE = "jws-kubeconfig-";

    public record Seen(ConfigMap info, List<Secret> tokens) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("bootstrap-signer")
                .queue("bootstrap_signer_queue")
                .watches(
                        Resources.CONFIG_MAPS,
                        map -> map.key().equals(CLUSTER_INFO) ? List.of(CLUSTER_INFO) : List.of())
                .watches(Resources.SECRETS, secret -> BootstrapToken.is(secret) ? List.of(CLUSTER_INFO) : List.of())
                .may("", "configmaps", "update")
                .build();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var info = caches.of(Resources.CONFIG_MAPS).get(key);
        if (!info.exists()) return Optional.empty();
        var tokens = caches.of(Resources.SECRETS).inNamespace(BootstrapToken.NAMESPACE).stream()
                .filter(BootstrapToken::is)
                .toList();
        return Optional.of(new Seen(info, tokens));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var content = seen.info.data().getOrDefault("kubeconfig", "");
        if (content.isEmpty()) return Decision.NOTHING;
        var data = new TreeMap<>(seen.info.data());
        data.keySet().removeIf(key -> key.startsWith(SIGNATURE));
        for (var secret : seen.tokens) {
            var token = new BootstrapToken(secret);
            if (token.signs(now))
                data.put(SIGNATURE + token.id(), TokenSignature.of(content, token.id(), token.value()));
        }
        if (data.equals(seen.info.data())) return Decision.NOTHING;
        var signed = seen.info.toBuilder().data(data).build();
        return Decision.of(new Action.Update(Resources.CONFIG_MAPS, signed, ""));
    }
}
