package io.navarch.join;

import io.navarch.kinds.secret.FreshToken;
import io.navarch.kinds.secret.TokenSignature;
import io.navarch.model.ConfigMap;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Where a cluster is and who vouches for its server, once that can be believed.
///
/// @param authority as PEM text
public record ClusterInfo(URI server, String authority) {
    static final ObjectKey KEY = new ObjectKey("kube-public", "cluster-info");

    private static final String KUBECONFIG = "kubeconfig";

    /// Far more than one is long.
    private static final int LONGEST = 256 << 10;

    /// Why a cluster is not believed.
    public static final class UntrustedException extends RuntimeException {
        UntrustedException(String message) {
            super(message);
        }
    }

    /// What a server that nobody has vouched for says of its cluster; it is believed when it knows the token.
    ///
    /// @param pins of which the authority must be one, unless there are none
    /// @throws UntrustedException when it may not be believed
    public static ClusterInfo believed(ConfigMap said, FreshToken token, List<CertificatePin> pins) {
        var content = said.data().getOrDefault(KUBECONFIG, "");
        var signature = said.data().getOrDefault("jws-kubeconfig-" + token.id(), "");
        if (content.isEmpty()) throw new UntrustedException("the server does not say which cluster it is of");
        if (signature.isEmpty())
            throw new UntrustedException("the cluster does not know the token " + token.id() + " (any more)");
        if (content.length() > LONGEST || !TokenSignature.holds(signature, content, token))
            throw new UntrustedException(
                    "what the server says of its cluster is not signed with the token " + token.id());
        var info = read(content);
        var known = CertificatePin.all(info.authority);
        // While authorities are exchanged there are two, of which whoever comes may know one.
        if (!pins.isEmpty() && pins.stream().noneMatch(known::contains))
            throw new UntrustedException(
                    "the cluster's authority is " + known.getFirst() + ", which is none of those given");
        return info;
    }

    /// What a server that is known says of its cluster.
    ///
    /// @throws UntrustedException when it says nothing that can be used
    static ClusterInfo told(ConfigMap said) {
        return read(said.data().getOrDefault(KUBECONFIG, ""));
    }

    private static ClusterInfo read(String kubeconfig) {
        if (kubeconfig.length() > LONGEST) throw new UntrustedException("what is said of the cluster is too long");
        try {
            var cluster = View.of(Yaml.parse(kubeconfig)).get("clusters").stream()
                    .findFirst()
                    .orElse(View.ABSENT)
                    .get("cluster");
            var server = URI.create(cluster.get("server").string());
            var authority = Base64.getDecoder()
                    .decode(cluster.get("certificate-authority-data").string());
            if (!"https".equals(server.getScheme()) || server.getHost() == null)
                throw new IllegalArgumentException("the server is " + server);
            var pem = new String(authority, StandardCharsets.US_ASCII);
            CertificatePin.all(pem);
            return new ClusterInfo(server, pem);
        } catch (RuntimeException e) {
            throw new UntrustedException("what is said of the cluster cannot be used: " + e.getMessage());
        }
    }
}
