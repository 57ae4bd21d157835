package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.AppArmorProfile;
import io.navarch.model.Container;
import io.navarch.model.EnvVar;
import io.navarch.model.LabelSelector;
import io.navarch.model.NodeSelectorTerm;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PersistentVolumeClaimSpec;
import io.navarch.model.Pod;
import io.navarch.model.PodAffinityTerm;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.ResourceRequirements;
import io.navarch.model.SecurityProfileType;
import io.navarch.model.Volume;
import io.navarch.model.WeightedPodAffinityTerm;
import io.navarch.objects.Addresses;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// What may be written in a pod or a template, but hardly does what its author meant.
public final class PodWarnings {
    private static final String SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_OF_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final List<String> BYTES = List.of(ResourceNames.MEMORY, ResourceNames.EPHEMERAL_STORAGE);
    private static final String MATCHES_NOTHING = ": a null labelSelector results in matching no pod";

    private static final Map<String, String> OLD_LABELS = Map.of(
            "beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region",
                    "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone",
                    "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type",
                    "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
            "app.kubernetes.io/created-by", "deprecated since v1.9",
            "scheduler.alpha.kubernetes.io/preferAvoidPods",
                    "deprecated since v1.22; use Taints and Tolerations instead",
            "node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead");

    private static final Map<String, String> OLD_ANNOTATIONS = ordered(
            "scheduler.alpha.kubernetes.io/critical-pod",
            "non-functional in v1.16+; use the \"priorityClassName\" field instead",
            "security.alpha.kubernetes.io/sysctls",
            "non-functional in v1.11+; use the \"sysctls\" field instead",
            "security.alpha.kubernetes.io/unsafe-sysctls",
            "non-functional in v1.11+; use the \"sysctls\" field instead");

    private static final Map<String, String> OLD_VOLUMES = ordered(
            Volume.PHOTON_PERSISTENT_DISK, "deprecated in v1.11, non-functional in v1.16+",
            Volume.GIT_REPO, "deprecated in v1.11, and disabled by default in v1.33+",
            Volume.SCALE_IO, "deprecated in v1.16, non-functional in v1.22+",
            Volume.FLOCKER, "deprecated in v1.22, non-functional in v1.25+",
            Volume.STORAGEOS, "deprecated in v1.22, non-functional in v1.25+",
            Volume.QUOBYTE, "deprecated in v1.22, non-functional in v1.25+",
            Volume.GLUSTERFS, "deprecated in v1.25, non-functional in v1.26+",
            Volume.CEPHFS, "deprecated in v1.28, non-functional in v1.31+",
            Volume.RBD, "deprecated in v1.28, non-functional in v1.31+");

    private final List<String> found = new ArrayList<>();
    private final PodSpec spec;
    private final ObjectMeta metadata;
    private final String path;
    private final boolean template;

    /// @param path of the template, `""` for a pod
    private PodWarnings(PodSpec spec, ObjectMeta metadata, String path) {
        this.spec = spec;
        this.metadata = metadata;
        template = !path.isEmpty();
        this.path = template ? path + "." : "";
    }

    private static Map<String, String> ordered(String... pairs) {
        var result = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) result.put(pairs[i], pairs[i + 1]);
        return result;
    }

    /// What is said when a pod is made; nobody is told when it is changed, since that is seldom a person's doing.
    public static List<String> ofPod(Pod pod, Pod old) {
        if (old.exists()) return List.of();
        var warnings = new ArrayList<>(ofName(pod.name(), "the Pod's hostname"));
        warnings.addAll(new PodWarnings(pod.spec(), pod.metadata(), "").all());
        return warnings;
    }

    public static List<String> ofTemplate(PodTemplateSpec template, String path) {
        return new PodWarnings(template.spec(), template.metadata(), path).all();
    }

    public static List<String> ofClaim(PersistentVolumeClaimSpec claim, String path) {
        var warnings = new ArrayList<String>();
        var resources = claim.resources();
        whole(resources.requests(), "storage", path + ".resources.requests", warnings);
        whole(resources.limits(), "storage", path + ".resources.limits", warnings);
        return warnings;
    }

    /// Names of workloads, which become parts of names of pods.
    public static List<String> ofName(String name) {
        return ofName(name, "Pod names and hostnames");
    }

    private static List<String> ofName(String name, String use) {
        var wrong = Names.dnsLabel(name);
        if (wrong.isEmpty()) return List.of();
        return List.of("metadata.name: this is used in " + use
                + ", which can result in surprising behavior; a DNS label is recommended: ["
                + String.join(" ", wrong) + "]");
    }

    private List<String> all() {
        var at = path + "spec";
        labels(at);
        annotations();
        volumes(at + ".volumes");
        PathWarnings.of(spec.volumes(), found::add);
        repeated(at);
        for (var name : BYTES) whole(spec.overhead(), name, at + ".overhead", found);
        if (!spec.securityContext().hasSeccompProfile() && annotated(SECCOMP)) oldSeccomp(SECCOMP);
        containers(at, this::container);
        PortWarnings.of(spec, at, found::add);
        if (spec.terminationGracePeriodSecondsOr(0) < 0)
            found.add(
                    at
                            + ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
        affinity(at + ".affinity");
        Check.each(spec.dnsConfig().nameservers(), at + ".dnsConfig.nameservers", this::address);
        Check.each(spec.hostAliases(), at + ".hostAliases", (alias, here) -> address(alias.ip(), here + ".ip"));
        return found;
    }

    private void address(String address, String at) {
        if (address.indexOf(':') < 0 || !Addresses.isAddress(address)) return;
        var canonical = Addresses.canonical(address);
        if (!canonical.equals(address))
            found.add(at + ": IPv6 address \"" + address + "\" should be in RFC 5952 canonical format (\"" + canonical
                    + "\")");
    }

    private void containers(String at, BiConsumer<Container, String> each) {
        Check.each(spec.initContainers(), at + ".initContainers", each);
        Check.each(spec.containers(), at + ".containers", each);
        var ephemeral = spec.ephemeralContainers().stream()
                .map(container -> Container.of(container.view()))
                .toList();
        Check.each(ephemeral, at + ".ephemeralContainers", each);
    }

    private void labels(String at) {
        spec.nodeSelector().keySet().forEach(key -> {
            if (OLD_LABELS.containsKey(key)) found.add(at + ".nodeSelector[" + key + "]: " + OLD_LABELS.get(key));
        });
        var affinity = spec.affinity().nodeAffinity();
        var nodes = at + ".affinity.nodeAffinity.";
        Check.each(
                affinity.requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms(),
                nodes + "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
                (term, here) -> term(term, false, here));
        Check.each(
                affinity.preferredDuringSchedulingIgnoredDuringExecution(),
                nodes + "preferredDuringSchedulingIgnoredDuringExecution",
                (preferred, here) -> term(preferred.preference(), true, here + ".preference"));
        Check.each(spec.topologySpreadConstraints(), at + ".topologySpreadConstraints", (constraint, here) -> {
            oldLabel(constraint.topologyKey(), here + ".topologyKey");
            if (!constraint.hasLabelSelector()) found.add(here + ".labelSelector" + MATCHES_NOTHING);
        });
    }

    private void oldLabel(String key, String at) {
        if (OLD_LABELS.containsKey(key)) found.add(at + ": " + key + " is " + OLD_LABELS.get(key));
    }

    private void term(NodeSelectorTerm term, boolean values, String at) {
        Check.each(term.matchExpressions(), at + ".matchExpressions", (expression, here) -> {
            oldLabel(expression.key(), here + ".key");
            if (!values) return;
            Check.each(
                    expression.values(),
                    here + ".values",
                    (value, there) -> Names.labelValue(value)
                            .forEach(wrong -> found.add(there + ": " + value + " is invalid, " + wrong)));
        });
    }

    private boolean annotated(String key) {
        return metadata.annotations().containsKey(key);
    }

    private void annotations() {
        OLD_ANNOTATIONS.forEach((key, why) -> {
            if (annotated(key)) found.add(annotation(key) + why);
        });
    }

    private String annotation(String key) {
        return path + "metadata.annotations[" + key + "]: ";
    }

    private void oldSeccomp(String key) {
        found.add(annotation(key) + "non-functional in v1.27+; use the \"seccompProfile\" field instead");
    }

    private void volumes(String at) {
        Check.each(spec.volumes(), at, (volume, here) -> {
            OLD_VOLUMES.forEach((type, why) -> {
                var name = type.equals(Volume.STORAGEOS) ? "storageOS" : type;
                if (volume.raw(type).exists()) found.add(here + "." + name + ": " + why);
            });
            var claim = volume.ephemeral().volumeClaimTemplate().spec();
            found.addAll(ofClaim(claim, here + ".ephemeral.volumeClaimTemplate.spec"));
        });
    }

    private void repeated(String at) {
        var addresses = new HashSet<String>();
        Check.each(spec.hostAliases(), at + ".hostAliases", (alias, here) -> {
            if (!addresses.add(alias.ip())) found.add(here + ".ip: duplicate ip \"" + alias.ip() + "\"");
        });
        var names = new HashSet<String>();
        Check.each(spec.imagePullSecrets(), at + ".imagePullSecrets", (secret, here) -> {
            if (!names.add(secret.name())) found.add(here + ".name: duplicate name \"" + secret.name() + "\"");
        });
        Check.each(spec.imagePullSecrets(), at + ".imagePullSecrets", (secret, here) -> {
            if (secret.name().isEmpty()) found.add(here + ".name: invalid empty name \"\"");
        });
    }

    /// Fractions of bytes.
    private static void whole(Map<String, Quantity> amounts, String name, String at, List<String> found) {
        var amount = amounts.get(name);
        if (amount == null) return;
        var thousandths = amount.value().movePointRight(3).setScale(0, RoundingMode.CEILING);
        if (thousandths.remainder(BigDecimal.valueOf(1000)).signum() != 0)
            found.add(at + "[" + name + "]: fractional byte value \"" + amount + "\" is invalid, must be an integer");
    }

    private void container(Container container, String at) {
        var context = container.securityContext();
        var seccomp = SECCOMP_OF_CONTAINER + container.name();
        if (!context.hasSeccompProfile() && annotated(seccomp)) oldSeccomp(seccomp);
        if (template && !context.hasAppArmorProfile()) appArmor(APP_ARMOR + container.name());
        ResourceRequirements resources = container.resources();
        for (var name : BYTES) {
            whole(resources.limits(), name, at + ".resources.limits", found);
            whole(resources.requests(), name, at + ".resources.requests", found);
        }
        environment(container.env(), at + ".env");
    }

    private void appArmor(String key) {
        if (!annotated(key)) return;
        var profile = metadata.annotations().getOrDefault(key, "");
        if (!spec.securityContext().appArmorProfile().equals(appArmorProfile(profile)))
            found.add(annotation(key) + "deprecated since v1.30; use the \"appArmorProfile\" field instead");
    }

    private static AppArmorProfile appArmorProfile(String annotation) {
        var local = "localhost/";
        if (annotation.startsWith(local))
            return AppArmorProfile.builder()
                    .type(SecurityProfileType.LOCALHOST)
                    .localhostProfile(annotation.substring(local.length()))
                    .build();
        return switch (annotation) {
            case "unconfined" ->
                AppArmorProfile.builder().type(SecurityProfileType.UNCONFINED).build();
            case "runtime/default" ->
                AppArmorProfile.builder()
                        .type(SecurityProfileType.RUNTIME_DEFAULT)
                        .build();
            default -> AppArmorProfile.ABSENT;
        };
    }

    /// A variable may be defined again in terms of what it was before; anything else hides that.
    private void environment(List<EnvVar> variables, String at) {
        var names = new HashSet<String>();
        Check.each(variables, at, (variable, here) -> {
            if (names.add(variable.name())) return;
            var itself = "$(" + variable.name() + ")";
            boolean extended = !variable.hasValueFrom()
                    && variable.value().contains(itself)
                    && !variable.value().equals(itself);
            if (!extended)
                found.add(here + ": hides previous definition of \"" + variable.name()
                        + "\", which may be dropped when using apply");
        });
    }

    private void affinity(String at) {
        var near = spec.affinity().podAffinity();
        terms(
                near.requiredDuringSchedulingIgnoredDuringExecution(),
                near.preferredDuringSchedulingIgnoredDuringExecution(),
                at + ".podAffinity.");
        var far = spec.affinity().podAntiAffinity();
        terms(
                far.requiredDuringSchedulingIgnoredDuringExecution(),
                far.preferredDuringSchedulingIgnoredDuringExecution(),
                at + ".podAntiAffinity.");
    }

    private void terms(List<PodAffinityTerm> required, List<WeightedPodAffinityTerm> preferred, String at) {
        Check.each(
                required,
                at + "requiredDuringSchedulingIgnoredDuringExecution",
                (term, here) -> selector(term.labelSelector(), here + ".labelSelector"));
        Check.each(
                preferred,
                at + "preferredDuringSchedulingIgnoredDuringExecution",
                (term, here) ->
                        selector(term.podAffinityTerm().labelSelector(), here + ".podAffinityTerm.labelSelector"));
    }

    private void selector(LabelSelector selector, String at) {
        if (!selector.exists()) found.add(at + MATCHES_NOTHING);
    }
}
