package io.navarch.aggregation.status;

import io.navarch.http.Tls;
import io.navarch.model.APIService;
import io.navarch.model.ApiServiceConditionType;
import io.navarch.model.ConditionStatus;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What an APIService says: who answers a version of a group.
///
/// @param backend empty when this server answers itself
/// @param available what its condition says
public record Registration(
        String name,
        String group,
        String version,
        int groupPriority,
        int versionPriority,
        Optional<Backend> backend,
        boolean available) {
    private static final int HTTPS = 443;

    /// A Service that answers.
    public record Backend(String namespace, String service, int port, Tls.Trust trust) {
        public ObjectKey key() {
            return new ObjectKey(namespace, service);
        }

        /// What its certificate is to be for.
        public String serverName() {
            return service + "." + namespace + ".svc";
        }
    }

    public static Registration of(APIService object) {
        var spec = object.spec();
        var service = spec.service();
        return new Registration(
                object.name(),
                spec.group(),
                spec.version(),
                spec.groupPriorityMinimum(),
                spec.versionPriority(),
                service.exists()
                        ? Optional.of(
                                new Backend(service.namespace(), service.name(), service.portOr(HTTPS), trust(object)))
                        : Optional.empty(),
                StatusCondition.status(object.status().conditions(), ApiServiceConditionType.AVAILABLE)
                        == ConditionStatus.TRUE);
    }

    private static Tls.Trust trust(APIService object) {
        var spec = object.spec();
        if (spec.insecureSkipTLSVerify()) return new Tls.Trust.Anyone();
        return spec.hasCaBundle()
                ? new Tls.Trust.Authorities(new String(spec.caBundle(), StandardCharsets.ISO_8859_1))
                : new Tls.Trust.Machine();
    }

    public String groupVersion() {
        return group + "/" + version;
    }

    /// Where discovery of this version is, and what is below it.
    public String path() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + groupVersion();
    }
}
