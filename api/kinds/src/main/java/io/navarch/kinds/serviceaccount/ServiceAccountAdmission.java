package io.navarch.kinds.serviceaccount;

import io.navarch.kinds.pod.PodReferences;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PodSpec;
import io.navarch.model.Resources;
import io.navarch.model.ServiceAccount;
import io.navarch.model.Volume;
import io.navarch.model.VolumeProjection;
import io.navarch.objects.ApiException;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Gives every pod a service account, and its token, CA and namespace as a projected volume.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
public final class ServiceAccountAdmission implements Admission.Mutating {
    private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String VOLUME = "kube-api-access-";
    private static final String DEFAULT = "default";
    private static final String CA_MAP = "kube-root-ca.crt";
    private static final String CA_FILE = "ca.crt";
    private static final String TOKEN_FILE = "token";
    private static final String NAMESPACE_FILE = "namespace";
    /// Seven seconds more than an hour tell these tokens from others in audit logs, as in kube-apiserver.
    private static final int TOKEN_SECONDS = 3607;

    private final RandomGenerator random;

    public ServiceAccountAdmission(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates(Resources.PODS);
    }

    @Override
    public Optional<Admission.Reference> awaited(Admission.Attributes call, View object, Admission.Lookup lookup) {
        var pod = Pod.of(object);
        var name = accountOf(pod);
        if (!name.equals(DEFAULT) || mirrors(pod)) return Optional.empty();
        if (account(call, name, lookup).exists()) return Optional.empty();
        var namespace = lookup.get(Resources.NAMESPACES, "", call.namespace());
        if (!namespace.exists() || namespace.deleting()) return Optional.empty();
        return Optional.of(new Admission.Reference("", "serviceaccounts", call.namespace(), name));
    }

    private static boolean mirrors(Pod pod) {
        return pod.annotations().containsKey(Pods.MIRROR);
    }

    /// Nobody can give a node more rights than it has, not by a pod that it makes itself either.
    private static void checkMirror(Admission.Attributes call, Pod pod) {
        if (!pod.spec().serviceAccountName().isEmpty()) throw refused(call, "reference service accounts");
        if (PodReferences.names(pod, Resources.SECRETS)) throw refused(call, "reference secrets");
        boolean tokens = pod.spec().volumes().stream()
                .flatMap(volume -> volume.projected().sources().stream())
                .anyMatch(VolumeProjection::hasServiceAccountToken);
        if (tokens) throw refused(call, "use ServiceAccountToken volume projections");
    }

    private static ApiException refused(Admission.Attributes call, String what) {
        return ApiException.forbidden(Resources.PODS.plural(), "", call.name(), "a mirror pod may not " + what);
    }

    private static String accountOf(Pod pod) {
        return pod.spec().serviceAccountNameOr(DEFAULT);
    }

    private static ServiceAccount account(Admission.Attributes call, String name, Admission.Lookup lookup) {
        return lookup.get(Resources.SERVICE_ACCOUNTS, call.namespace(), name);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> tree, View old, Admission.Lookup lookup) {
        var pod = Pod.edit(tree);
        if (mirrors(pod.build())) {
            checkMirror(call, pod.build());
            return;
        }
        var name = accountOf(pod.build());
        if (pod.build().spec().serviceAccountName().isEmpty())
            pod.spec(spec -> spec.serviceAccountName(name).serviceAccount(name));
        var account = account(call, name, lookup);
        if (!account.exists())
            throw ApiException.forbidden(
                    "pods",
                    "",
                    call.name(),
                    "error looking up service account " + call.namespace() + "/" + name + ": " + missing(name));
        pod.spec(spec -> {
            var given = spec.build();
            if (given.automountServiceAccountTokenOr(account.automountServiceAccountTokenOr(true))) mountToken(spec);
            if (given.imagePullSecrets().isEmpty()
                    && !account.imagePullSecrets().isEmpty()) spec.imagePullSecrets(account.imagePullSecrets());
        });
    }

    private void mountToken(PodSpec.Builder spec) {
        var generated = Names.generate(VOLUME, random);
        var volumes = spec.build().volumes();
        var name = volumes.stream()
                .map(Volume::name)
                .filter(each -> each.startsWith(VOLUME))
                .reduce(generated, (before, later) -> later);
        spec.editInitContainers(container -> mount(container, name));
        spec.editContainers(container -> mount(container, name));
        boolean there = volumes.stream().anyMatch(volume -> volume.name().equals(name));
        if (!there && mounts(spec.build(), name)) spec.addVolumes(volume(name));
    }

    private static void mount(Container.Builder container, String volume) {
        var mounts = container.build().volumeMounts();
        if (mounts.stream().anyMatch(mount -> mount.mountPath().equals(MOUNT))) return;
        container.addVolumeMounts(mount -> mount.name(volume).readOnly(true).mountPath(MOUNT));
    }

    private static boolean mounts(PodSpec spec, String volume) {
        return Pods.containers(spec).stream()
                .flatMap(container -> container.volumeMounts().stream())
                .anyMatch(mount -> mount.name().equals(volume));
    }

    private static Volume volume(String name) {
        return Volume.builder()
                .name(name)
                .projected(projected -> projected
                        .addSources(source -> source.serviceAccountToken(
                                token -> token.expirationSeconds(TOKEN_SECONDS).path(TOKEN_FILE)))
                        .addSources(source -> source.configMap(map -> map.name(CA_MAP)
                                .addItems(item -> item.key(CA_FILE).path(CA_FILE))))
                        .addSources(source -> source.downwardAPI(api -> api.addItems(file -> file.path(NAMESPACE_FILE)
                                .fieldRef(field -> field.apiVersion("v1").fieldPath("metadata.namespace")))))
                        .defaultMode(420))
                .build();
    }

    private static String missing(String name) {
        var wrong = Names.pathSegment(name);
        return wrong.isEmpty()
                ? "serviceaccount \"" + name + "\" not found"
                : "invalid resource name \"" + name + "\": [" + String.join(" ", wrong) + "]";
    }
}
