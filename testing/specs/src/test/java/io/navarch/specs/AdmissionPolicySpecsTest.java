package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Policies in CEL that objects of the API bind to calls: what the conformance tests of ValidatingAdmissionPolicy and
/// MutatingAdmissionPolicy check, and what happens when policies are no good.
class AdmissionPolicySpecsTest {
    private static final String MAPS =
            "{operations: [CREATE, UPDATE], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}";
    private static final String ALL_MAPS =
            "{operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    @RegisterExtension
    static final AskedCalls calls = new AskedCalls(plane);

    private static String matching(String rule) {
        return "matchConstraints: {resourceRules: [" + rule + "], namespaceSelector: {matchLabels: {team: "
                + calls.namespace + "}}}";
    }

    private static void policy(String name, String content) {
        calls.make("validatingadmissionpolicies", name, "spec: {" + content + "}");
    }

    private static void bind(String name, String policy, String more) {
        calls.make(
                "validatingadmissionpolicybindings",
                name,
                "spec: {policyName: " + calls.namespace + "-" + policy + ", validationActions: [Deny]" + more + "}");
    }

    /// A bound policy with one rule.
    private static void rule(String expression, String more) {
        policy("p", matching(MAPS) + ", validations: [{expression: \"" + expression + "\"" + more + "}]");
        bind("b", "p", "");
    }

    private static String words(String name, String message) {
        return "configmaps \"" + name + "\" is forbidden: ValidatingAdmissionPolicy '" + calls.namespace
                + "-p' with binding '" + calls.namespace + "-b' denied request: " + message;
    }

    @Test
    void aWriteIsRefusedInTheOriginalsWords() {
        rule("object.data.k == 'v'", "");
        assertThat(calls.configMap("good").code()).isEqualTo(201);
        var bad = calls.send(
                "POST", calls.at("configmaps"), AskedCalls.json("{metadata: {name: bad}, data: {k: other}}"));
        assertThat(bad.code()).isEqualTo(422);
        assertThat(bad.message()).isEqualTo(words("bad", "failed expression: object.data.k == 'v'"));
        assertThat(bad.body().get("reason").string()).isEqualTo("Invalid");
        assertThat(bad.body()
                        .get("details", "causes")
                        .views()
                        .getFirst()
                        .get("message")
                        .string())
                .isEqualTo(words("bad", "failed expression: object.data.k == 'v'")
                        .substring("configmaps \"bad\" is forbidden: ".length()));
        var unnamed = calls.send(
                "POST", calls.at("configmaps"), AskedCalls.json("{metadata: {generateName: g-}, data: {k: x}}"));
        assertThat(unnamed.message()).contains("is forbidden: ValidatingAdmissionPolicy");
        calls.forget();
        assertThat(calls.send("POST", calls.at("configmaps"), AskedCalls.json("{metadata: {name: bad}, data: {k: x}}"))
                        .code())
                .isEqualTo(201);
    }

    @Test
    void messagesReasonsAndVariablesAreThePolicys() {
        policy(
                "p",
                matching(MAPS)
                        + ", variables: [{name: size, expression: 'size(object.data)'}, {name: big, expression:"
                        + " 'variables.size > 1'}, {name: broken, expression: 'object.data.nothing'}], validations:"
                        + " [{expression: '!variables.big', messageExpression: '\"too big: \" +"
                        + " string(variables.size)', reason: Forbidden}, {expression: \"!('bad' in object.data)\","
                        + " message: no bad ones}, {expression: \"object.metadata.name != 'breaks' ||"
                        + " variables.broken == ''\"}]");
        bind("b", "p", "");
        var big = data("big", "a: b, c: d");
        assertThat(big.code()).isEqualTo(403);
        assertThat(big.message()).isEqualTo(words("big", "too big: 2"));
        assertThat(data("bad", "bad: x").message()).isEqualTo(words("bad", "no bad ones"));
        assertThat(data("breaks", "a: b").message())
                .isEqualTo(words(
                        "breaks",
                        "expression 'object.metadata.name != 'breaks' || variables.broken == ''' resulted in error:"
                                + " composited variable \"broken\" fails to evaluate: no such key: nothing"));
        assertThat(data("good", "a: b").code()).isEqualTo(201);
    }

    private static AskedCalls.Answer data(String name, String data) {
        return calls.send(
                "POST",
                calls.at("configmaps"),
                AskedCalls.json("{metadata: {name: " + name + "}, data: {" + data + "}}"));
    }

    @Test
    void aBindingSaysWhatBecomesOfAFailure() {
        policy("p", matching(MAPS) + ", validations: [{expression: 'false', message: never}]");
        calls.make(
                "validatingadmissionpolicybindings",
                "b",
                "spec: {policyName: " + calls.namespace + "-p, validationActions: [Warn, Audit]}");
        var warned = calls.configMap("c");
        assertThat(warned.code()).isEqualTo(201);
        assertThat(warned.warnings())
                .containsExactly("299 - \"Validation failed for ValidatingAdmissionPolicy '" + calls.namespace
                        + "-p' with binding '" + calls.namespace + "-b': never\"");
    }

    @Test
    void parametersAreFoundByNameAndBySelector() {
        policy(
                "p",
                "paramKind: {apiVersion: v1, kind: ConfigMap}, " + matching(ALL_MAPS.replace("configmaps", "secrets"))
                        + ", validations: [{expression: \"object.metadata.name.startsWith(params.data.prefix)\"}]");
        bind("b", "p", ", paramRef: {name: limits, parameterNotFoundAction: Deny}");
        assertThat(secret("x-1").message())
                .contains("failed to configure binding: no params found for policy binding with `Deny`"
                        + " parameterNotFoundAction");
        data("limits", "prefix: x-");
        assertThat(secret("x-2").code()).isEqualTo(201);
        assertThat(secret("y-1").message()).contains("failed expression: object.metadata.name.startsWith");
        calls.forget();
        bind("b", "p", ", paramRef: {selector: {matchLabels: {use: me}}, parameterNotFoundAction: Allow}");
        assertThat(secret("y-2").code()).isEqualTo(201);
        calls.send(
                "POST",
                calls.at("configmaps"),
                AskedCalls.json("{metadata: {name: selected, labels: {use: me}}, data: {prefix: z-}}"));
        assertThat(secret("y-3").message()).contains("failed expression");
        assertThat(secret("z-3").code()).isEqualTo(201);
    }

    private static AskedCalls.Answer secret(String name) {
        return calls.send("POST", calls.at("secrets"), AskedCalls.json("{metadata: {name: " + name + "}}"));
    }

    @Test
    void aKindOfParametersThatThereIsNotRefusesOrNot() {
        policy(
                "p",
                "paramKind: {apiVersion: nowhere.example.com/v1, kind: Nothing}, " + matching(MAPS)
                        + ", validations: [{expression: 'true'}]");
        bind("b", "p", ", paramRef: {name: some, parameterNotFoundAction: Allow}");
        assertThat(calls.configMap("c").message())
                .endsWith("ValidatingAdmissionPolicy '" + calls.namespace + "-p' denied request: failed to configure"
                        + " policy: failed to find resource referenced by paramKind: 'nowhere.example.com/v1,"
                        + " Kind=Nothing'");
    }

    @Test
    void anExpressionThatFailsCountsAsThePolicySays() {
        rule("object.data.nothing == 'x'", "");
        assertThat(calls.configMap("c").message())
                .isEqualTo(
                        words("c", "expression 'object.data.nothing == 'x'' resulted in error: no such key: nothing"));
        calls.forget();
        calls.forget();
        policy(
                "p",
                "failurePolicy: Ignore, " + matching(MAPS)
                        + ", validations: [{expression: \"object.data.nothing == 'x'\"}]");
        bind("b", "p", "");
        assertThat(calls.configMap("c").code()).isEqualTo(201);
    }

    @Test
    void whatAPolicyIsAskedAboutIsNarrowed() {
        policy(
                "p",
                "matchConstraints: {namespaceSelector: {matchLabels: {team: " + calls.namespace
                        + "}}, resourceRules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources:"
                        + " ['*']}], excludeResourceRules: [{operations: ['*'], apiGroups: [''], apiVersions: [v1],"
                        + " resources: [secrets]}]}, matchConditions: [{name: c, expression: \"request.name !="
                        + " 'exempt'\"}], validations: [{expression: 'false', message: never}]");
        bind(
                "b",
                "p",
                ", matchResources: {objectSelector: {matchLabels: {ask: 'yes'}}, resourceRules: [{operations:"
                        + " [CREATE], apiGroups: [''], apiVersions: [v1], resources: [configmaps, secrets],"
                        + " resourceNames: [named, exempt]}]}");
        assertThat(labelled("configmaps", "named").message()).isEqualTo(words("named", "never"));
        assertThat(labelled("configmaps", "other").code()).isEqualTo(201);
        assertThat(labelled("configmaps", "exempt").code()).isEqualTo(201);
        assertThat(labelled("secrets", "named").code()).isEqualTo(201);
    }

    private static AskedCalls.Answer labelled(String plural, String name) {
        return calls.send(
                "POST", calls.at(plural), AskedCalls.json("{metadata: {name: " + name + ", labels: {ask: 'yes'}}}"));
    }

    @Test
    void expressionsSeeTheNamespaceTheOldObjectAndWhatCallersMayDo() {
        policy(
                "p",
                matching(ALL_MAPS)
                        + ", validations: [{expression: \"namespaceObject.metadata.labels.team == '" + calls.namespace
                        + "'\"}, {expression: \"request.operation != 'DELETE' || !has(oldObject.metadata.labels) ||"
                        + " !('keep' in oldObject.metadata.labels)\", message: it is kept}, {expression:"
                        + " \"authorizer.group('').resource('configmaps').namespace('" + calls.namespace
                        + "').check('delete').allowed() && authorizer.requestResource.check('create').allowed()\"}]");
        bind("b", "p", "");
        calls.send("POST", calls.at("configmaps"), AskedCalls.json("{metadata: {name: kept, labels: {keep: 'yes'}}}"));
        assertThat(calls.send("DELETE", calls.at("configmaps/kept"), "").message())
                .isEqualTo(words("kept", "it is kept"));
        assertThat(calls.configMap("free").code()).isEqualTo(201);
        assertThat(calls.send("DELETE", calls.at("configmaps/free"), "").code()).isEqualTo(200);
    }

    @Test
    void whatCostsTooMuchIsRefused() {
        var list = "[0,1,2,3,4,5,6,7,8,9]";
        rule(
                list + ".all(a, " + list + ".all(b, " + list + ".all(c, " + list + ".all(d, " + list + ".all(e, " + list
                        + ".all(f, " + list + ".all(g, true)))))))",
                "");
        long began = System.nanoTime();
        assertThat(calls.configMap("c").message()).contains("cost");
        assertThat(System.nanoTime() - began).isLessThan(15_000_000_000L);
    }

    /// Words of Kubernetes 1.36.3, but for the numbers in the names of types, which are the time there.
    @Test
    void itsStatusTellsWhichExpressionsDoNotFitWhatItIsAskedAbout() {
        policy(
                "p",
                "paramKind: {apiVersion: v1, kind: ConfigMap}, matchConstraints: {resourceRules: [{operations:"
                        + " [CREATE], apiGroups: [apps], apiVersions: [v1], resources: [statefulsets, deployments,"
                        + " deployments/scale]}, {operations: [CREATE], apiGroups: ['*'], apiVersions: [v1],"
                        + " resources: [jobs]}]}, variables: [{name: r, expression: object.spec.replicas}, {name: s,"
                        + " expression: object.spec}], validations: [{expression: object.spec.foo == 1},"
                        + " {expression: \"object.spec.replicas > 5\", messageExpression: \"'a' +"
                        + " string(object.bar)\"}, {expression: \"variables.r == 'x' && variables.s.any == 'x'\"},"
                        + " {expression: object.spec == 1}, {expression: params.data.x == 1}, {expression:"
                        + " \"object.metadata.creationTimestamp == 'x'\"}, {expression:"
                        + " authorizer.requestResource.check('get').allowed()}]");
        var status = eventually(
                        () -> plane.client.get(calls.last()),
                        read -> read.get("status", "observedGeneration").longOr(0) == 1)
                .get("status");
        var warnings = new LinkedHashMap<String, String>();
        for (var warning : status.get("typeChecking", "expressionWarnings").views())
            warnings.put(
                    warning.get("fieldRef").string().substring("spec.validations".length()),
                    warning.get("warning").string());
        assertThat(warnings)
                .containsOnlyKeys(
                        "[0].expression",
                        "[1].messageExpression",
                        "[2].expression",
                        "[3].expression",
                        "[4].expression",
                        "[5].expression",
                        "[6].expression")
                .containsEntry("[0].expression", both("""
                        ERROR: <input>:1:12: undefined field 'foo'
                         | object.spec.foo == 1
                         | ...........^
                        """))
                .containsEntry("[2].expression", both("""
                        ERROR: <input>:1:13: found no matching overload for '_==_' applied to '(int, string)'
                         | variables.r == 'x' && variables.s.any == 'x'
                         | ............^
                        """))
                .containsEntry("[5].expression", both("""
                        ERROR: <input>:1:35: found no matching overload for '_==_' applied to '(timestamp, string)'
                         | object.metadata.creationTimestamp == 'x'
                         | ..................................^
                        """))
                .containsEntry("[6].expression", both("""
                        ERROR: <input>:1:11: unexpected failed resolution of 'kubernetes.authorization.Authorizer'
                         | authorizer.requestResource.check('get').allowed()
                         | ..........^
                        """));
        assertThat(warnings.get("[3].expression")).contains("applied to '(Deployment0.spec, int)'");
    }

    private static String both(String error) {
        return "apps/v1, Kind=Deployment: " + error + "\napps/v1, Kind=StatefulSet: " + error;
    }

    @Test
    void aPolicyThatFitsHasNoWarnings() {
        policy("p", matching(MAPS) + ", validations: [{expression: \"object.data.k == 'v'\"}]");
        var status = eventually(
                        () -> plane.client.get(calls.last()),
                        read -> read.get("status", "observedGeneration").longOr(0) == 1)
                .get("status");
        assertThat(status.get("typeChecking").map()).isEmpty();
    }

    @Test
    void whatCannotBeToldToAnAuditRefusesTheCallWhateverIsDoneAboutChecks() {
        policy(
                "p",
                matching(MAPS)
                        + ", validations: [{expression: 'false', message: never}], auditAnnotations: [{key: good,"
                        + " valueExpression: \"'is ' + object.data.k\"}, {key: bad, valueExpression:"
                        + " string(object.data.nothing)}]");
        calls.make(
                "validatingadmissionpolicybindings",
                "b",
                "spec: {policyName: " + calls.namespace + "-p, validationActions: [Audit]}");
        assertThat(calls.configMap("c").message())
                .isEqualTo(
                        words("c", "expression 'string(object.data.nothing)' resulted in error: no such key: nothing"));
        var metrics = new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8);
        var labels = "{policy=\"" + calls.namespace + "-p\",policy_binding=\"" + calls.namespace
                + "-b\",error_type=\"invalid_error\",enforcement_action=\"";
        for (var action : List.of("audit", "deny"))
            assertThat(metrics)
                    .contains("apiserver_validating_admission_policy_check_total" + labels + action + "\"} 1\n");
    }

    @Test
    void annotationsForAuditsAreChecked() {
        var long5 = "x".repeat(5200);
        var refused = calls.send(
                "POST",
                AskedCalls.GROUP + "validatingadmissionpolicies",
                AskedCalls.json("{metadata: {name: p}, spec: {" + matching(MAPS)
                        + ", auditAnnotations: [{key: a b, valueExpression: \"'x'\"}, {key: k, valueExpression: \"'"
                        + long5 + "'\"}, {key: k, valueExpression: '1'}]}}"));
        assertThat(refused.message())
                .contains("spec.auditAnnotations[0].key: Invalid value: \"p/a b\": ")
                .contains("spec.auditAnnotations[1].valueExpression: Required value: must not exceed 5120 bytes in"
                        + " length")
                .contains("spec.auditAnnotations[2].valueExpression: Invalid value: \"1\": must evaluate to one of"
                        + " [string null_type]")
                .contains("spec.auditAnnotations[2].key: Duplicate value: \"k\"");
    }

    private static void mutating(String name, String content, String... mutations) {
        calls.make(
                "mutatingadmissionpolicies",
                name,
                "spec: {reinvocationPolicy: IfNeeded, " + content + ", mutations: [" + String.join(", ", mutations)
                        + "]}");
        calls.make("mutatingadmissionpolicybindings", name, "spec: {policyName: " + calls.namespace + "-" + name + "}");
    }

    private static String apply(String expression) {
        return "{patchType: ApplyConfiguration, applyConfiguration: {expression: \"" + expression + "\"}}";
    }

    private static String patch(String expression) {
        return "{patchType: JSONPatch, jsonPatch: {expression: \"" + expression + "\"}}";
    }

    @Test
    void aPartIsLaidOverAnObject() {
        mutating(
                "m",
                matching(MAPS),
                apply("Object{metadata: Object.metadata{labels: {'added': object.data.k}}, data: {'more': 'x'}}"));
        var made = calls.configMap("c");
        assertThat(made.code()).as(made.message()).isEqualTo(201);
        assertThat(made.body().labels()).isEqualTo(Map.of("added", "v"));
        assertThat(made.body().get("data").value()).isEqualTo(Map.of("k", "v", "more", "x"));
    }

    @Test
    void aListIsMergedByItsKeysAndAnAtomicOneIsNotTouched() {
        var deployments = "{operations: [CREATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments]}";
        mutating(
                "m",
                matching(deployments),
                apply("Object{spec: Object.spec{template: Object.spec.template{spec:"
                        + " Object.spec.template.spec{initContainers:"
                        + " [Object.spec.template.spec.initContainers{name: 'mesh', image: 'mesh:1'}]}}}}"));
        var made = deployment("d");
        assertThat(made.code()).as(made.message()).isEqualTo(201);
        var pod = made.body().spec().get("template").spec();
        assertThat(pod.get("initContainers")
                        .views()
                        .getFirst()
                        .get("terminationMessagePath")
                        .string())
                .isEqualTo("/dev/termination-log");
        calls.forget();
        calls.forget();
        mutating(
                "m",
                matching(deployments),
                apply("Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: {'a': 'b'}}}}"));
        var refused = deployment("e");
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .isEqualTo("policy '" + calls.namespace + "-m' with binding '" + calls.namespace
                        + "-m' denied request: error applying patch: invalid ApplyConfiguration: may not mutate atomic"
                        + " arrays, maps or structs: .spec.selector");
    }

    private static AskedCalls.Answer deployment(String name) {
        return calls.send(
                "POST",
                "/apis/apps/v1/namespaces/" + calls.namespace + "/deployments",
                AskedCalls.json("{metadata: {name: " + name
                        + "}, spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a:"
                        + " b}}, spec: {containers: [{name: c, image: i}]}}}}"));
    }

    @Test
    void anObjectIsPatched() {
        mutating(
                "m",
                matching(MAPS),
                patch("[JSONPatch{op: 'add', path: '/data/' + jsonpatch.escapeKey('a.b'), value: 'c'},"
                        + " JSONPatch{op: 'remove', path: '/data/k'}]"),
                patch("[JSONPatch{op: 'test', path: '/data/nothing', value: 'c'}, JSONPatch{op: 'remove', path:"
                        + " '/data'}]"));
        var made = calls.configMap("c");
        assertThat(made.code()).as(made.message()).isEqualTo(201);
        assertThat(made.body().get("data").value()).isEqualTo(Map.of("a.b", "c"));
    }

    @Test
    void laterChangesAreSeenAgain() {
        mutating(
                "a",
                matching(MAPS) + ", matchConditions: [{name: not-yet, expression: \"!has(object.metadata.labels) ||"
                        + " !('first' in object.metadata.labels) || 'second' in object.metadata.labels\"}]",
                apply("Object{metadata: Object.metadata{labels: {'first': has(object.metadata.labels) && 'second' in"
                        + " object.metadata.labels ? 'after' : 'before'}}}"));
        mutating("b", matching(MAPS), apply("Object{metadata: Object.metadata{labels: {'second': 'x'}}}"));
        assertThat(calls.configMap("c").body().labels()).isEqualTo(Map.of("first", "after", "second", "x"));
    }

    @Test
    void whatDecidesAboutCallsIsNotAskedAbout() {
        policy(
                "p",
                "matchConstraints: {resourceRules: [{operations: ['*'], apiGroups: [admissionregistration.k8s.io],"
                        + " apiVersions: ['*'], resources: ['*']}]}, validations: [{expression: 'false'}]");
        bind("b", "p", "");
        var answer = calls.send("DELETE", calls.last(), "");
        assertThat(answer.code()).isEqualTo(200);
    }
}
