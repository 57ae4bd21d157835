package io.navarch.apps;

import io.navarch.admission.AskedPlugins;
import io.navarch.client.WebhookCredentials;
import io.navarch.kinds.certificatesigningrequest.CertificateAdmission;
import io.navarch.kinds.certificatesigningrequest.CertificateConditions;
import io.navarch.kinds.event.EventRateLimit;
import io.navarch.kinds.ingressclass.DefaultIngressClass;
import io.navarch.kinds.limitrange.LimitRanger;
import io.navarch.kinds.namespace.NamespaceLifecycle;
import io.navarch.kinds.node.TaintNodesByCondition;
import io.navarch.kinds.noderestriction.NodeRestriction;
import io.navarch.kinds.persistentvolume.PhaseTransitions;
import io.navarch.kinds.persistentvolumeclaim.PersistentVolumeClaimResize;
import io.navarch.kinds.persistentvolumeclaim.StorageObjectInUseProtection;
import io.navarch.kinds.pod.DefaultTolerationSeconds;
import io.navarch.kinds.pod.ExtendedResourceToleration;
import io.navarch.kinds.pod.PodResizeValidator;
import io.navarch.kinds.podsecurity.PodSecurity;
import io.navarch.kinds.priorityclass.PriorityAdmission;
import io.navarch.kinds.resourceclaim.AdminAccess;
import io.navarch.kinds.resourcequota.ResourceQuotaAdmission;
import io.navarch.kinds.runtimeclass.RuntimeClassAdmission;
import io.navarch.kinds.service.ServiceAllocator;
import io.navarch.kinds.serviceaccount.MountableSecrets;
import io.navarch.kinds.serviceaccount.ServiceAccountAdmission;
import io.navarch.kinds.storageclass.DefaultStorageClass;
import io.navarch.objects.GoText;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.Options;
import io.navarch.schema.admission.Admission;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// The built-in admission plugins, in the order in which they run. Those that kube-apiserver has on are on.
final class AdmissionPlugins {
    private static final List<String> OPTIONAL = List.of("EventRateLimit", "ExtendedResourceToleration");
    /// What a namespace may send where the limit is asked for without numbers.
    private static final EventRateLimit.Limit EVENTS =
            new EventRateLimit.Limit(EventRateLimit.Type.Namespace, 50, 100, 4096);

    private final List<Admission.Named<Admission.Plugin>> plugins = new ArrayList<>();
    private final AskedPlugins asked;

    AdmissionPlugins(
            ServerConfig config, Admission.Permission permission, InstantSource clock, RandomGenerator random) {
        add("NamespaceLifecycle", new NamespaceLifecycle());
        add("LimitRanger", new LimitRanger());
        add("ServiceAccount", new ServiceAccountAdmission(random));
        add("ServiceAccount", new MountableSecrets());
        add("NodeRestriction", new NodeRestriction(permission));
        add("TaintNodesByCondition", new TaintNodesByCondition());
        var configuration = config.admission().configuration();
        add("PodSecurity", podSecurity(configuration.plugin("PodSecurity")));
        add("Priority", new PriorityAdmission());
        add("DefaultTolerationSeconds", new DefaultTolerationSeconds());
        add("EventRateLimit", new EventRateLimit(limits(configuration.plugin("EventRateLimit")), clock));
        add("ExtendedResourceToleration", new ExtendedResourceToleration());
        add("DefaultStorageClass", new DefaultStorageClass());
        add("StorageObjectInUseProtection", new StorageObjectInUseProtection());
        add("PersistentVolumeClaimResize", new PersistentVolumeClaimResize());
        add("RuntimeClass", new RuntimeClassAdmission());
        // CertificateApproval, CertificateSigning and CertificateSubjectRestriction.
        add("CertificateApproval", new CertificateAdmission(permission));
        add("DefaultIngressClass", new DefaultIngressClass());
        add("PodResizeValidator", new PodResizeValidator());
        // Addresses are part of what a Service is here, and no plugin that could be turned off.
        add("", new ServiceAllocator(config.network().serviceCidr(), random));
        add("", new PhaseTransitions(clock));
        add("", new CertificateConditions(clock));
        add("", new AdminAccess());
        add("ResourceQuota", new ResourceQuotaAdmission());
        choose(config.admission().enabled(), config.admission().disabled());
        var on = new TreeSet<>(AskedPlugins.ALL);
        on.removeAll(config.admission().disabled());
        asked = new AskedPlugins(
                Set.copyOf(on),
                Map.of(
                        AskedPlugins.MUTATING_WEBHOOKS,
                        credentials(configuration, AskedPlugins.MUTATING_WEBHOOKS),
                        AskedPlugins.VALIDATING_WEBHOOKS,
                        credentials(configuration, AskedPlugins.VALIDATING_WEBHOOKS)));
    }

    /// As whom a plugin calls webhooks.
    private static WebhookCredentials credentials(AdmissionConfiguration file, String plugin) {
        var configuration = file.plugin(plugin);
        if (!configuration.exists()) return WebhookCredentials.NONE;
        var kind = configuration.get("kind").string();
        if (!kind.equals("WebhookAdmissionConfiguration") && !kind.equals("WebhookAdmission"))
            throw new Options.UsageException(
                    plugin + ": kind must be WebhookAdmissionConfiguration, not " + GoText.quoted(kind));
        var kubeconfig = configuration.get("kubeConfigFile").string();
        if (kubeconfig.isEmpty()) return WebhookCredentials.NONE;
        if (!Path.of(kubeconfig).isAbsolute())
            throw new Options.UsageException(plugin + ": kubeConfigFile: Invalid value: " + GoText.quoted(kubeconfig)
                    + ": must be an absolute file path");
        try {
            return WebhookCredentials.read(Path.of(kubeconfig));
        } catch (IOException | ConfigurationException e) {
            throw new Options.UsageException(plugin + ": cannot read " + kubeconfig + ": " + e.getMessage());
        }
    }

    /// Those that ask others.
    AskedPlugins asked() {
        return asked;
    }

    private static PodSecurity podSecurity(View configuration) {
        var exemptions = configuration.get("exemptions");
        return new PodSecurity(
                new PodSecurity.Exemptions(
                        Set.copyOf(exemptions.get("usernames").strings()),
                        Set.copyOf(exemptions.get("namespaces").strings()),
                        Set.copyOf(exemptions.get("runtimeClasses").strings())),
                configuration.get("defaults").stringMap());
    }

    private static List<EventRateLimit.Limit> limits(View configuration) {
        try {
            var limits = configuration.get("limits").stream()
                    .map(EventRateLimit.Limit::of)
                    .toList();
            return limits.isEmpty() ? List.of(EVENTS) : limits;
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(
                    "EventRateLimit: limits have one of the types Server, Namespace, User and SourceAndObject: "
                            + e.getMessage());
        }
    }

    private void add(String name, Admission.Plugin plugin) {
        plugins.add(new Admission.Named<>(name, plugin));
    }

    private void choose(List<String> enabled, List<String> disabled) {
        var names = new TreeSet<>(AskedPlugins.ALL);
        for (var each : plugins) if (!each.name().isEmpty()) names.add(each.name());
        for (var list : List.of(enabled, disabled)) {
            for (var name : list)
                if (!names.contains(name))
                    throw new Options.UsageException(
                            "no admission plugin " + name + "; there are: " + String.join(", ", names));
        }
        plugins.removeIf(each ->
                disabled.contains(each.name()) || OPTIONAL.contains(each.name()) && !enabled.contains(each.name()));
    }

    List<Admission.Named<Admission.Mutating>> mutating() {
        return of(Admission.Mutating.class);
    }

    List<Admission.Named<Admission.Validating>> validating() {
        return of(Admission.Validating.class);
    }

    private <P extends Admission.Plugin> List<Admission.Named<P>> of(Class<P> type) {
        return plugins.stream()
                .filter(each -> type.isInstance(each.plugin()))
                .map(each -> new Admission.Named<>(each.name(), type.cast(each.plugin())))
                .toList();
    }
}
