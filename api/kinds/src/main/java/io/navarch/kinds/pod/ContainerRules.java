package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.ContainerPort;
import io.navarch.model.ContainerResizePolicy;
import io.navarch.model.ContainerRestartRule;
import io.navarch.model.EphemeralContainer;
import io.navarch.model.PodSpec;
import io.navarch.model.Protocol;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a pod's containers must be: those that run, those that run before them, and those added to look into a pod.
final class ContainerRules {
    private static final List<String> PULL = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> MESSAGES = List.of("File", "FallbackToLogsOnError");
    private static final Set<String> RESTARTS = Set.of("Always", "Never", "OnFailure");
    private static final Set<String> RESTART_ACTIONS = Set.of("Restart", "RestartAllContainers");
    private static final Set<String> EXIT_OPERATORS = Set.of("In", "NotIn");
    private static final Set<String> RESIZED = Set.of("cpu", "memory");
    private static final Set<String> RESIZES = Set.of("NotRequired", "RestartContainer");
    private static final int MOST_RULES = 20;
    private static final int MOST_CODES = 255;

    /// What a container needs that keeps running; plain init containers do not have it.
    private static final List<String> UPKEEP =
            List.of(Container.LIFECYCLE, Container.LIVENESS_PROBE, Container.READINESS_PROBE, Container.STARTUP_PROBE);

    /// What ephemeral containers do not have: nothing that a pod relies on.
    private static final List<String> NOT_EPHEMERAL = List.of(
            Container.PORTS,
            Container.RESOURCES,
            Container.RESIZE_POLICY,
            Container.RESTART_POLICY,
            Container.RESTART_POLICY_RULES,
            Container.LIVENESS_PROBE,
            Container.READINESS_PROBE,
            Container.STARTUP_PROBE,
            Container.LIFECYCLE);

    private final PodContext pod;
    private final Check check;

    private ContainerRules(PodContext pod) {
        this.pod = pod;
        check = pod.check();
    }

    static void check(PodContext pod, String path) {
        var rules = new ContainerRules(pod);
        rules.regular(path + "." + PodSpec.CONTAINERS);
        rules.init(path + "." + PodSpec.INIT_CONTAINERS);
        rules.ephemeral(path + "." + PodSpec.EPHEMERAL_CONTAINERS);
    }

    private void regular(String path) {
        var containers = pod.spec().containers();
        if (!check.required(containers, path)) return;
        var names = new HashSet<String>();
        Check.each(containers, path, (container, at) -> {
            common(container, at);
            if (!names.add(container.name())) check.duplicate(at + ".name", container.name());
            HandlerRules.upkeep(container, pod.grace(), at, check);
            restarts(container, false, at);
        });
        hostPorts(containers, path);
    }

    private void init(String path) {
        var names = new HashSet<String>();
        for (var container : pod.spec().containers()) names.add(container.name());
        Check.each(pod.spec().initContainers(), path, (container, at) -> {
            common(container, at);
            restarts(container, true, at);
            var name = container.name();
            if (names.contains(name)) check.duplicate(at + ".name", name);
            else if (!name.isEmpty()) names.add(name);
            hostPorts(List.of(container), path);
            if (Pods.sidecar(container)) {
                HandlerRules.upkeep(container, pod.grace(), at, check);
                return;
            }
            without(container, UPKEEP, at, "may not be set for init containers without restartPolicy=Always");
            Check.each(container.resizePolicy(), at + ".resizePolicy", (policy, here) -> {
                var restart = policy.raw(ContainerResizePolicy.RESTART_POLICY).string();
                if (restart.equals("RestartContainer"))
                    check.invalid(
                            here + ".restartPolicy",
                            restart,
                            "must not be set to 'RestartContainer' for non-sidecar initContainers");
            });
        });
    }

    private void ephemeral(String path) {
        var others = new HashSet<String>();
        for (var container : Pods.containers(pod.spec())) others.add(container.name());
        var names = new HashSet<>(others);
        Check.each(pod.spec().ephemeralContainers(), path, (ephemeral, at) -> {
            var container = Container.of(ephemeral.view());
            common(container, at);
            image(container, at, check);
            if (!names.add(container.name())) check.duplicate(at + ".name", container.name());
            var target = ephemeral.targetContainerName();
            if (!target.isEmpty() && !others.contains(target))
                check.add(FieldError.notFound(at + "." + EphemeralContainer.TARGET_CONTAINER_NAME, target));
            var why = "cannot be set for an Ephemeral Container";
            without(container, NOT_EPHEMERAL, at, why);
            Check.each(container.volumeMounts(), at + ".volumeMounts", (mount, here) -> {
                if (!mount.subPath().isEmpty()) check.forbidden(here + ".subPath", why);
                if (!mount.subPathExpr().isEmpty()) check.forbidden(here + ".subPathExpr", why);
            });
        });
    }

    private void without(Container container, List<String> fields, String path, String why) {
        for (var field : fields) {
            var value = container.raw(field);
            // Resources are a structure that is always there.
            boolean given = field.equals(Container.RESOURCES) ? !value.map().isEmpty() : value.exists();
            if (given) check.forbidden(path + "." + field, why);
        }
    }

    private void common(Container container, String path) {
        var name = container.name();
        if (check.required(name, path + ".name")) check.name(name, path + ".name", Names.dnsLabel(name));
        check.required(container.image(), path + ".image");
        var messages = container.raw(Container.TERMINATION_MESSAGE_POLICY).string();
        var at = path + ".terminationMessagePolicy";
        if (check.required(messages, at) && !MESSAGES.contains(messages)) check.notSupported(at, messages, MESSAGES);
        ports(container.ports(), path + ".ports");
        EnvironmentRules.check(container, path, check);
        MountRules.check(container, path, pod.volumes(), check);
        pull(container.raw(Container.IMAGE_PULL_POLICY).string(), path + ".imagePullPolicy", check);
        ResourceRules.container(container.resources(), pod.claims(), path + ".resources", check);
        resizes(container.resizePolicy(), path + ".resizePolicy");
        SecurityRules.container(container.securityContext(), pod.hostUsers(), path + ".securityContext", check);
    }

    static void pull(String policy, String path, Check check) {
        if (check.required(policy, path) && !PULL.contains(policy)) check.notSupported(path, policy, PULL);
    }

    /// What is asked of images of pods, but not of templates.
    static void image(Container container, String path, Check check) {
        var image = container.image();
        if (!image.equals(image.strip()))
            check.invalid(path + ".image", image, "must not have leading or trailing whitespace");
    }

    private void ports(List<ContainerPort> ports, String path) {
        var names = new HashSet<String>();
        Check.each(ports, path, (port, at) -> {
            var name = port.name();
            if (!name.isEmpty()) {
                var wrong = Names.portName(name);
                check.name(name, at + ".name", wrong);
                if (wrong.isEmpty() && !names.add(name)) check.duplicate(at + ".name", name);
            }
            if (port.containerPort() == 0) check.add(FieldError.required(at + ".containerPort"));
            else check.port(port.containerPort(), at + ".containerPort");
            if (port.hostPort() != 0) check.port(port.hostPort(), at + ".hostPort");
            if (port.protocol() == Protocol.UNRECOGNIZED)
                check.notSupported(
                        at + ".protocol", port.raw(ContainerPort.PROTOCOL).string(), Set.of("SCTP", "TCP", "UDP"));
        });
    }

    private void hostPorts(List<Container> containers, String path) {
        var taken = new HashSet<String>();
        Check.each(
                containers,
                path,
                (container, in) -> Check.each(container.ports(), in + ".ports", (port, at) -> {
                    var protocol = port.raw(ContainerPort.PROTOCOL).string();
                    var key = protocol + "/" + port.hostIP() + "/" + port.hostPort();
                    if (port.hostPort() != 0 && !taken.add(key)) check.duplicate(at + ".hostPort", key);
                }));
    }

    /// A policy of its own, and rules for the ends that are treated otherwise.
    ///
    /// @param init an init container, whose rules without a policy nobody reads
    private void restarts(Container container, boolean init, String path) {
        var rules = container.restartPolicyRules();
        if (!container.hasRestartPolicy()) {
            if (!rules.isEmpty())
                check.missing(path + ".restartPolicy", "must specify restartPolicy when restart rules are used");
            if (init) return;
        } else {
            check.oneOf(container.raw(Container.RESTART_POLICY), path + ".restartPolicy", RESTARTS);
        }
        var at = path + ".restartPolicyRules";
        if (rules.size() > MOST_RULES)
            check.add(FieldError.tooMany(at, rules.size(), "must have at most " + MOST_RULES + " items"));
        Check.each(rules, at, this::restartRule);
    }

    private void restartRule(ContainerRestartRule rule, String path) {
        if (!RESTART_ACTIONS.contains(rule.action()))
            check.notSupported(path + ".action", rule.action(), RESTART_ACTIONS);
        var codes = rule.exitCodes();
        if (!codes.exists()) {
            check.missing(path + ".exitCodes", "must be specified");
            return;
        }
        if (!EXIT_OPERATORS.contains(codes.operator()))
            check.notSupported(path + ".exitCodes.operator", codes.operator(), EXIT_OPERATORS);
        int size = codes.values().size();
        if (size > MOST_CODES)
            check.add(
                    FieldError.tooMany(path + ".exitCodes.values", size, "must have at most " + MOST_CODES + " items"));
    }

    private void resizes(List<ContainerResizePolicy> policies, String path) {
        var seen = new HashSet<String>();
        Check.each(policies, path, (policy, at) -> {
            var resource = policy.raw(ContainerResizePolicy.RESOURCE_NAME).string();
            var restart = policy.raw(ContainerResizePolicy.RESTART_POLICY).string();
            if (!seen.add(resource)) check.duplicate(at, resource);
            // The original blames the list.
            if (check.required(resource, path) && !RESIZED.contains(resource))
                check.notSupported(path, resource, RESIZED);
            if (check.required(restart, path) && !RESIZES.contains(restart)) check.notSupported(path, restart, RESIZES);
            if (pod.neverRestarts() && !restart.equals("NotRequired"))
                check.invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
        });
    }
}
