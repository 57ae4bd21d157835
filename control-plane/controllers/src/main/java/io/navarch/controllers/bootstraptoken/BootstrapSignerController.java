package io.navarch.controllers.bootstraptoken;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs the kubeconfig in `kube-public/cluster-info` with every bootstrap token, so that who knows a token can trust
/// it.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/#configmap-signing
public final class BootstrapSignerController implements LegacyController<BootstrapSignerController.Seen> {
    private static final ObjectKey CLUSTER_INFO = new ObjectKey("kube-public", "cluster-info");
    private static final String SIGNATURE = "jws-kubeconfig-";

    public record Seen(View info, List<View> tokens) {}

    @Override
    public String name() {
        return "bootstrap-signer";
    }

    @Override
    public String queue() {
        return "bootstrap_signer_queue";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(
                        Resources.CONFIG_MAPS.untyped(),
                        map -> map.key().equals(CLUSTER_INFO) ? List.of(CLUSTER_INFO) : List.of()),
                new Input(
                        Resources.SECRETS.untyped(),
                        secret -> BootstrapTokens.is(secret) ? List.of(CLUSTER_INFO) : List.of()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "configmaps", "update"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var info = caches.of(Resources.CONFIG_MAPS.untyped()).get(key);
        if (!info.exists()) return null;
        var tokens = caches.of(Resources.SECRETS.untyped()).inNamespace(BootstrapTokens.NAMESPACE).stream()
                .filter(BootstrapTokens::is)
                .toList();
        return new Seen(info, tokens);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var content = seen.info.get("data", "kubeconfig").string();
        if (content.isEmpty()) return Decision.NOTHING;
        var data = new TreeMap<>(seen.info.get("data").map());
        data.keySet().removeIf(key -> key.startsWith(SIGNATURE));
        for (var token : seen.tokens) {
            if (!BootstrapTokens.signs(token, now)) continue;
            var id = BootstrapTokens.data(token, "token-id");
            data.put(SIGNATURE + id, signature(content, id, BootstrapTokens.data(token, "token-secret")));
        }
        if (Trees.semanticEquals(data, seen.info.get("data").value())) return Decision.NOTHING;
        var object = Trees.copy(seen.info.map());
        object.put("data", data);
        return Decision.of(List.of(new Action.Update(Resources.CONFIG_MAPS.untyped(), object, "")));
    }

    /// A detached JWS (RFC 7515, appendix F) with HMAC-SHA-256.
    private static String signature(String content, String id, String secret) {
        try {
            var encoder = Base64.getUrlEncoder().withoutPadding();
            var header = encoder.encodeToString(
                    ("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8));
            var payload = encoder.encodeToString(content.getBytes(StandardCharsets.UTF_8));
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var signed = mac.doFinal((header + "." + payload).getBytes(StandardCharsets.US_ASCII));
            return header + ".." + encoder.encodeToString(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
