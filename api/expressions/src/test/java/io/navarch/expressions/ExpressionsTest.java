package io.navarch.expressions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {
    private final Expressions expressions = new Expressions();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "object.spec.replicas <= 5",
                "has(object.metadata.labels) && object.metadata.labels['app'] == 'a'",
                "request.operation == 'CREATE' && request.userInfo.username.startsWith('system:')",
                "object.spec.containers.all(c, c.image.matches('^registry/'))",
                "authorizer.group('apps').resource('deployments').namespace('a').check('create').allowed()",
                "authorizer.requestResource.check('delete').reason() == ''",
                "quantity('1Gi').isGreaterThan(quantity('1Mi')) && isQuantity('1')",
                "url('https://a.b/c').getHost() == 'a.b' && isURL('x')",
                "ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.0.0.1') && ip.isCanonical('::1')",
                "[1, 2].isSorted() && [1, 2].sum() == 3 && ['a'].indexOf('a') == 0",
                "'abc'.find('b') == 'b' && 'a,b'.split(',').size() == 2 && 'A'.lowerAscii() == 'a'",
                "semver('1.2.3').major() == 1 && isSemver('v1.2', true)",
                "!format.dns1123Label().validate('a').hasValue() && format.named('uuid').hasValue()",
                "sets.contains([1], [1]) && object.?spec.?replicas.orValue(1) == 1",
                "[1, 2].all(i, v, v > i) && jsonpatch.escapeKey('a/b') == 'a~1b'",
                "double(1) < 2 && timestamp('2020-01-01T00:00:00Z') < timestamp('2021-01-01T00:00:00Z')",
            })
    void whatKubernetesDocumentsCompiles(String expression) {
        assertThat(expressions.compile(expression, CelEnvironment.admission())).isEqualTo(new Outcome("", "bool"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "object.spec.replicas <== 5 | compilation failed: ERROR: <input>:1:24: Syntax error: token recognition error",
                "a B c | compilation failed: ERROR: <input>:1:3: Syntax error: mismatched input 'B' expecting <EOF>",
                "objekt.spec | compilation failed: ERROR: <input>:1:1: undeclared reference to 'objekt' (in container '')",
                "request.verb == 'a' | compilation failed: ERROR: <input>:1:8: undefined field 'verb'",
                "'a' + 1 == 'b' | compilation failed: ERROR: <input>:1:5: found no matching overload for '_+_'",
                "object.spec.replicas | must evaluate to bool but got dyn",
                "1 + 2 | must evaluate to bool but got int",
                "params.x == 1 | compilation failed: ERROR: <input>:1:1: undeclared reference to 'params'",
            })
    void whatIsWrongIsSaid(String expression, String error) {
        assertThat(expressions.compile(expression, CelEnvironment.admission()).error())
                .startsWith(error);
    }

    @Test
    void variablesHaveTheTypesOfTheirExpressions() {
        var names = expressions.compile(
                "object.items.map(i, string(i))", CelEnvironment.admission().comingTo());
        assertThat(names.type()).isEqualTo("list<string>");
        var scope = expressions.scope(CelEnvironment.admission()).naming(List.of("names", "later"));
        scope.declare("names", names.type());
        assertThat(scope.compile("variables.names.exists(n, n == 'a')").error()).isEmpty();
        assertThat(scope.compile("variables.names.exists(n, n == 1)").error()).contains("found no matching overload");
        for (var unknown : List.of("other", "later"))
            assertThat(scope.compile("variables." + unknown + " == 1").error())
                    .contains("undefined field '" + unknown + "'");
        assertThat(expressions
                        .compile("variables.names == []", CelEnvironment.admission())
                        .error())
                .contains("undeclared reference to 'variables'");
    }

    /// A compiler is large, and anybody who defines resources makes up types.
    @Test
    void whatOthersMakeUpIsNotKept() {
        expressions.compile("object.a", CelEnvironment.admission());
        for (int i = 0; i < 20; i++) {
            var self = "list<".repeat(i % 10 + 1) + "int" + ">".repeat(i % 10 + 1);
            var own = new CelEnvironment(Map.of("self", self, "oldSelf" + i, self), Map.of(), List.of("bool"), false);
            assertThat(expressions.compile("self == self", own).error()).isEmpty();
        }
        assertThat(expressions.kept()).isEqualTo(1);
    }

    /// Each is compiled with what it takes itself, however many there are before it.
    @Test
    void manyVariablesTakeLittle() {
        var names = IntStream.range(0, 2000).mapToObj(i -> "v" + i).toList();
        var scope = expressions.scope(CelEnvironment.admission()).naming(names).comingTo();
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            var last = "1";
            for (var name : names) {
                scope.declare(name, scope.compile(last).type());
                last = "variables." + name + " + 1";
            }
            assertThat(scope.compile(last).type()).isEqualTo("int");
        });
    }

    @Test
    void partsOfObjectsCanBeWritten() {
        var environment = CelEnvironment.admission().buildingObjects();
        assertThat(expressions
                        .compile("Object{spec: Object.spec{replicas: object.spec.replicas % 2 + 1}}", environment)
                        .error())
                .isEmpty();
        assertThat(expressions.compile("object.spec", environment).error())
                .isEqualTo("must evaluate to Object but got dyn");
        var patches = CelEnvironment.admission().comingTo("list<JSONPatch>");
        assertThat(expressions
                        .compile("[JSONPatch{op: 'add', path: '/a', value: 1}]", patches)
                        .error())
                .isEmpty();
        assertThat(expressions.compile("[JSONPatch{operation: 'add'}]", patches).error())
                .contains("undefined field 'operation'");
    }

    @Test
    void devicesAreSelected() {
        var environment = CelEnvironment.device();
        assertThat(expressions
                        .compile(
                                "device.driver == 'a.b' && device.attributes['a.b'].model == 'x'"
                                        + " && device.capacity['a.b'].memory.isGreaterThan(quantity('1Gi'))",
                                environment)
                        .error())
                .isEmpty();
        assertThat(expressions.compile("device.name == 'a'", environment).error())
                .contains("undefined field 'name'");
    }

    /// Each of these signs would be told together with the line of all.
    @Test
    void ofManyErrorsNotAllAreTold() {
        var error = new Expressions()
                .compile("$".repeat(99_999), CelEnvironment.admission())
                .error();
        assertThat(error).endsWith(" more errors were truncated").hasSizeLessThan(1 << 20);
        var literal = CelEnvironment.admission().buildingObjects();
        assertThat(new Expressions().compile("$".repeat(99_999), literal).error())
                .hasSizeLessThan(1 << 20);
        var few = new Expressions()
                .compile("$ ".repeat(150), CelEnvironment.admission())
                .error();
        assertThat(few.lines()).contains("51 more errors were truncated");
    }

    @Test
    void expressionsAreNeitherTooLongNorTooDeep() {
        for (var expression : List.of(
                "(".repeat(40_000) + "1" + ")".repeat(40_000),
                "1" + "+1".repeat(45_000),
                "object" + ".a".repeat(45_000),
                "true?1:".repeat(12_000) + "1",
                "'" + "a".repeat(100_000) + "'"))
            assertThat(new Expressions()
                            .compile(expression, CelEnvironment.admission())
                            .error())
                    .startsWith("compilation failed: ERROR: <input>:")
                    .containsPattern("(recursion|expression code point size) limit exceeded|exceeds limit");
    }
}
