package io.navarch.kinds.flowschema;

import static io.navarch.model.FlowDistinguisherMethodType.BY_NAMESPACE;
import static io.navarch.model.FlowDistinguisherMethodType.BY_USER;
import static io.navarch.model.FlowDistinguisherMethodType.UNSET;
import static io.navarch.model.Resources.FLOW_SCHEMAS;
import static io.navarch.model.Resources.LEASES;
import static io.navarch.model.Resources.PRIORITY_LEVEL_CONFIGURATIONS;

import io.navarch.model.FlowDistinguisherMethodType;
import io.navarch.model.FlowSchema;
import io.navarch.model.FlowSchemaSpec;
import io.navarch.model.FlowSubjectKind;
import io.navarch.model.FlowcontrolSubject;
import io.navarch.model.LimitResponse;
import io.navarch.model.LimitResponseType;
import io.navarch.model.NonResourcePolicyRule;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PolicyRulesWithSubjects;
import io.navarch.model.PriorityLevelConfiguration;
import io.navarch.model.PriorityLevelEnablement;
import io.navarch.model.ResourcePolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The priority levels and flow schemas that a cluster begins with.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#defaults
public final class DefaultFlowControl {
    private static final List<String> ALL = List.of("*");
    private static final ResourcePolicyRule EVERYTHING = resources(ALL, "*", ALL, true);
    private static final NonResourcePolicyRule EVERY_URL = urls("*", "*");
    private static final FlowcontrolSubject ANONYMOUS = group("system:unauthenticated");
    private static final FlowcontrolSubject AUTHENTICATED = group("system:authenticated");
    private static final Map<String, FlowSchemaSpec> FIXED = fixedSchemas();

    private final List<Map<String, Object>> objects = new ArrayList<>();

    private DefaultFlowControl() {}

    /// Ready to be created.
    public static List<Map<String, Object>> all() {
        var defaults = new DefaultFlowControl();
        defaults.levels();
        defaults.exemptFlows();
        defaults.limitedFlows();
        return defaults.objects;
    }

    /// What the two schemas that every cluster must have say, whatever anybody writes.
    static Optional<FlowSchemaSpec> fixed(String name) {
        return Optional.ofNullable(FIXED.get(name));
    }

    private static Map<String, FlowSchemaSpec> fixedSchemas() {
        return all().stream()
                .map(FlowSchema::new)
                .filter(each -> each.kind().equals(FLOW_SCHEMAS.kind()))
                .filter(each -> each.name().equals("exempt") || each.name().equals("catch-all"))
                .collect(Collectors.toUnmodifiableMap(FlowSchema::name, FlowSchema::spec));
    }

    private void levels() {
        level(PriorityLevelConfiguration.builder()
                .metadata(metadata("exempt"))
                .spec(spec -> spec.type(PriorityLevelEnablement.EXEMPT)
                        .exempt(level -> level.nominalConcurrencyShares(0).lendablePercent(0))));
        limited("catch-all", 5, 0, response -> response.type(LimitResponseType.REJECT));
        limited("leader-election", 10, 0, queuing(16, 4));
        limited("node-high", 40, 25, queuing(64, 6));
        limited("system", 30, 33, queuing(64, 6));
        limited("workload-high", 40, 50, queuing(128, 6));
        limited("workload-low", 100, 90, queuing(128, 6));
        limited("global-default", 20, 50, queuing(128, 6));
    }

    private void exemptFlows() {
        flow("exempt", "exempt", 1, UNSET, everything(group("system:masters")));
        flow(
                "probes",
                "exempt",
                2,
                UNSET,
                rule -> rule.subjects(List.of(ANONYMOUS, AUTHENTICATED))
                        .addNonResourceRules(urls("get", "/healthz", "/readyz", "/livez")));
    }

    private void limitedFlows() {
        var manager = user("system:kube-controller-manager");
        var scheduler = user("system:kube-scheduler");
        var system = accounts("kube-system");
        var nodes = group("system:nodes");
        flow(
                "system-leader-election",
                "leader-election",
                100,
                BY_USER,
                rule -> rule.subjects(List.of(manager, scheduler, system))
                        .addResourceRules(leases("get", "create", "update")));
        flow(
                "system-node-high",
                "node-high",
                400,
                BY_USER,
                rule -> rule.addSubjects(nodes)
                        .addResourceRules(resources(ALL, "", List.of("nodes", "nodes/status"), true))
                        .addResourceRules(leases("*")));
        flow("system-nodes", "system", 500, BY_USER, everything(nodes));
        flow("kube-controller-manager", "workload-high", 800, BY_NAMESPACE, everything(manager));
        flow("kube-scheduler", "workload-high", 800, BY_NAMESPACE, everything(scheduler));
        flow("kube-system-service-accounts", "workload-high", 900, BY_NAMESPACE, everything(system));
        flow("service-accounts", "workload-low", 9000, BY_USER, everything(group("system:serviceaccounts")));
        flow("global-default", "global-default", 9900, BY_USER, everything(ANONYMOUS, AUTHENTICATED));
        flow("catch-all", "catch-all", 10000, BY_USER, everything(ANONYMOUS, AUTHENTICATED));
    }

    private void limited(String name, int shares, int lendable, Consumer<LimitResponse.Builder> response) {
        level(PriorityLevelConfiguration.builder()
                .metadata(metadata(name))
                .spec(spec -> spec.type(PriorityLevelEnablement.LIMITED)
                        .limited(level -> level.nominalConcurrencyShares(shares)
                                .lendablePercent(lendable)
                                .limitResponse(response))));
    }

    private static Consumer<LimitResponse.Builder> queuing(int queues, int hand) {
        return response -> response.type(LimitResponseType.QUEUE)
                .queuing(queuing -> queuing.queues(queues).handSize(hand).queueLengthLimit(50));
    }

    private void level(PriorityLevelConfiguration.Builder level) {
        objects.add(level.apiVersion(PRIORITY_LEVEL_CONFIGURATIONS.apiVersion())
                .kind(PRIORITY_LEVEL_CONFIGURATIONS.kind())
                .map());
    }

    private void flow(
            String name,
            String level,
            int precedence,
            FlowDistinguisherMethodType by,
            Consumer<PolicyRulesWithSubjects.Builder> rule) {
        var flow = FlowSchema.builder()
                .apiVersion(FLOW_SCHEMAS.apiVersion())
                .kind(FLOW_SCHEMAS.kind())
                .metadata(metadata(name))
                .spec(spec -> spec.matchingPrecedence(precedence)
                        .priorityLevelConfiguration(reference -> reference.name(level))
                        .addRules(rule));
        if (by != UNSET) flow.spec(spec -> spec.distinguisherMethod(method -> method.type(by)));
        objects.add(flow.map());
    }

    private static ObjectMeta metadata(String name) {
        return ObjectMeta.builder()
                .name(name)
                .putAnnotations("apf.kubernetes.io/autoupdate-spec", "true")
                .build();
    }

    private static Consumer<PolicyRulesWithSubjects.Builder> everything(FlowcontrolSubject... subjects) {
        return rule ->
                rule.subjects(List.of(subjects)).addResourceRules(EVERYTHING).addNonResourceRules(EVERY_URL);
    }

    private static FlowcontrolSubject user(String name) {
        return FlowcontrolSubject.builder()
                .kind(FlowSubjectKind.USER)
                .user(user -> user.name(name))
                .build();
    }

    private static FlowcontrolSubject group(String name) {
        return FlowcontrolSubject.builder()
                .kind(FlowSubjectKind.GROUP)
                .group(group -> group.name(name))
                .build();
    }

    private static FlowcontrolSubject accounts(String namespace) {
        return FlowcontrolSubject.builder()
                .kind(FlowSubjectKind.SERVICE_ACCOUNT)
                .serviceAccount(account -> account.name("*").namespace(namespace))
                .build();
    }

    private static ResourcePolicyRule leases(String... verbs) {
        return resources(List.of(verbs), LEASES.group(), List.of(LEASES.plural()), false);
    }

    private static ResourcePolicyRule resources(
            List<String> verbs, String group, List<String> resources, boolean clusterScope) {
        var rule = ResourcePolicyRule.builder()
                .verbs(verbs)
                .apiGroups(List.of(group))
                .resources(resources)
                .namespaces(ALL);
        return clusterScope ? rule.clusterScope(true).build() : rule.build();
    }

    private static NonResourcePolicyRule urls(String verb, String... urls) {
        return NonResourcePolicyRule.builder()
                .verbs(List.of(verb))
                .nonResourceURLs(List.of(urls))
                .build();
    }
}
