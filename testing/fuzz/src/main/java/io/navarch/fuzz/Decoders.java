package io.navarch.fuzz;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Expressions;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.cronjob.CronSchedule;
import io.navarch.kinds.types.Types;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.FieldSelector;
import io.navarch.objects.Json;
import io.navarch.objects.LabelSelectorParser;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.CustomObjects;
import io.navarch.schema.patch.JsonPatch;
import io.navarch.schema.patch.MergePatch;
import io.navarch.schema.patch.StrategicMerge;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import io.navarch.schema.types.CustomSchema;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.StructuralValidation;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What reads input without a server around it.
final class Decoders {
    private static final String POD =
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":"
                    + "[{\"name\":\"c\",\"image\":\"i:1\",\"args\":[\"x\",\"y\"],\"resources\":{\"requests\":{\"cpu\":\"100m\",\"memory\":"
                    + "\"1Gi\"}},\"ports\":[{\"containerPort\":80,\"protocol\":\"TCP\"}]},{\"name\":\"d\",\"image\":\"j\"}],"
                    + "\"tolerations\":[{\"key\":\"k\",\"operator\":\"Exists\"}],\"finalizers\":[]}}";
    private static final String[] JSON_WORDS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"\"",
        "\"a\"",
        "null",
        "true",
        "-1",
        "1e9",
        "1e400",
        "0.1",
        "-0",
        "\\ud800",
        "\\u0000",
        "\\\"",
        "{\"a\":",
        "[[",
        "\"name\":\"c\"",
        "9223372036854775808",
        "\u00e9",
        "\ud83d\ude00"
    };

    private final Types types = BuiltInKinds.types();
    private final Protobuf protobuf =
            new Protobuf(new ProtobufMessages(types::message, () -> types.get("V1JSONSchemaProps")), types::find);
    private final Schema pod = protobuf.schema("v1", "Pod");
    private final Expressions expressions = new Expressions();

    private Decoders() {}

    static Targets all() {
        return new Targets(new Decoders().targets(), () -> {});
    }

    private List<Target> targets() {
        return List.of(
                json(),
                yaml(),
                protobuf(),
                jsonPatch(),
                mergePatch(),
                strategicPatch(),
                labels(),
                fields(),
                quantities(),
                names(),
                schedules(),
                expressions(),
                schemas());
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static long size(@Nullable Object tree) {
        return Json.write(tree).length;
    }

    private static Target json() {
        return new Target(
                "json",
                Target.bytes(POD, "[1,2.5,-3e7,\"\\u00e9\\ud83d\\ude00\",{\"a\":null,\"a\":true}]"),
                Target.bytes(JSON_WORDS),
                Set.of(Json.MalformedException.class),
                input -> size(Json.read(input).tree()));
    }

    private static Target yaml() {
        return new Target(
                "yaml",
                Target.bytes(
                        "a: &x {b: 1, c: [d, *y]}\ne: &y\n- <<: *x\n  f: !!binary aGk=\n- |\n  g\n  h\n- >-\n  i\n",
                        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - {name: c, image: i}\n",
                        POD),
                Target.bytes(
                        "&a ",
                        "*a",
                        "*x",
                        "<<: ",
                        "- ",
                        "? ",
                        ": ",
                        "!!binary ",
                        "!!int ",
                        "!!str ",
                        "!!float ",
                        "!a",
                        "---\n",
                        "...\n",
                        "%YAML 1.1\n",
                        "|\n",
                        ">\n",
                        "\"",
                        "'",
                        "[",
                        "]",
                        "{",
                        "}",
                        "# c\n",
                        "\t",
                        "0x1f",
                        "0o17",
                        "1_000",
                        ".inf",
                        ".nan",
                        "~",
                        "yes",
                        "2001-01-01",
                        "1:30",
                        "\n  ",
                        "\u0085",
                        "\ufeff"),
                Set.of(Json.MalformedException.class),
                input -> size(Yaml.read(input).tree()));
    }

    private Target protobuf() {
        var seeds = Stream.of(
                        POD,
                        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":3,"
                                + "\"strategy\":{\"rollingUpdate\":{\"maxSurge\":\"25%\"}}}}",
                        "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"d\"},"
                                + "\"spec\":{\"versions\":[{\"name\":\"v1\",\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":"
                                + "{\"a\":{\"items\":{\"type\":\"string\"},\"default\":[1]}}}}}]}}",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"creationTimestamp\":\"2020-01-01T00:00:00Z\"},"
                                + "\"binaryData\":{\"a\":\"aGk=\"},\"data\":{\"b\":\"c\"}}")
                .map(json -> protobuf.encode(View.of(Json.parse(json)).map()))
                .toList();
        return new Target(
                "protobuf",
                seeds,
                List.of(
                        new byte[] {10, 0},
                        new byte[] {18, 2, 10, 0},
                        new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 127},
                        new byte[] {'k', '8', 's', 0},
                        new byte[] {8, 1},
                        new byte[] {13, 0, 0, 0, 0},
                        new byte[] {26, 3}),
                Set.of(Json.MalformedException.class),
                input -> size(protobuf.decode(input)));
    }

    private static Target jsonPatch() {
        return new Target(
                "json-patch",
                Target.bytes("[" + POD
                        + ",[{\"op\":\"add\",\"path\":\"/spec/containers/-\",\"value\":{\"name\":\"e\"}},{\"op\":\"copy\",\"from\":"
                        + "\"/spec\",\"path\":\"/metadata/x\"},{\"op\":\"move\",\"from\":\"/metadata/x\",\"path\":\"/y~1z\"},{\"op\":\"test\","
                        + "\"path\":\"/kind\",\"value\":\"Pod\"},{\"op\":\"remove\",\"path\":\"/spec/containers/0\"},{\"op\":\"replace\",\"path\":"
                        + "\"/kind\",\"value\":[]}]]"),
                Target.bytes(concat(
                        JSON_WORDS,
                        "\"op\":\"copy\"",
                        "\"op\":\"move\"",
                        "\"op\":\"remove\"",
                        "\"path\":\"/\"",
                        "/-",
                        "/0",
                        "/-1",
                        "/spec",
                        "/a/b",
                        "~0",
                        "~1",
                        "\"from\":\"\"",
                        "/containers",
                        "{\"op\":\"copy\",\"from\":\"/spec\",\"path\":\"/spec/x\"},")),
                Set.of(Json.MalformedException.class, ApiException.class),
                input -> size(JsonPatch.apply(part(input, 0), second(input))));
    }

    private static String[] concat(String[] one, String... other) {
        return Stream.concat(Stream.of(one), Stream.of(other)).toArray(String[]::new);
    }

    private static Map<String, Object> part(byte[] input, int index) {
        if (Json.read(input).tree() instanceof List<?> list
                && list.size() > index
                && list.get(index) instanceof Map<?, ?> map) return View.of(map).map();
        throw new Json.MalformedException("no object there");
    }

    private static @Nullable Object second(byte[] input) {
        return Json.read(input).tree() instanceof List<?> list && list.size() > 1 ? list.get(1) : null;
    }

    private static Target mergePatch() {
        return new Target(
                "merge-patch",
                Target.bytes("[" + POD
                        + ",{\"metadata\":{\"labels\":{\"a\":null,\"c\":\"d\"}},\"spec\":{\"containers\":[1]}}]"),
                Target.bytes(JSON_WORDS),
                Set.of(Json.MalformedException.class, ApiException.class),
                input -> size(MergePatch.apply(part(input, 0), second(input))));
    }

    private Target strategicPatch() {
        return new Target(
                "strategic-patch",
                Target.bytes(
                        "[" + POD
                                + ",{\"metadata\":{\"labels\":{\"a\":null},\"finalizers\":[\"x\"],\"$deleteFromPrimitiveList/finalizers\":"
                                + "[\"y\"]},\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"d\"},{\"name\":\"c\"}],\"containers\":[{\"name\":"
                                + "\"c\",\"image\":null},{\"name\":\"d\",\"$patch\":\"delete\"}],\"$retainKeys\":[\"containers\"]}}]"),
                Target.bytes(concat(
                        JSON_WORDS,
                        "\"$patch\":\"replace\"",
                        "\"$patch\":\"delete\"",
                        "\"$patch\":\"merge\"",
                        "\"$retainKeys\":",
                        "\"$setElementOrder/containers\":",
                        "\"$deleteFromPrimitiveList/finalizers\":",
                        "\"containers\":",
                        "\"name\":1")),
                Set.of(Json.MalformedException.class, ApiException.class),
                input -> size(StrategicMerge.apply(part(input, 0), second(input), pod)));
    }

    private static Target labels() {
        return new Target(
                "label-selector",
                Target.bytes("a=b,c!=d,e in (f,g),!h,i notin (),j>3,k<4,l.m/n==o", "a"),
                Target.bytes("=", "==", "!=", "!", " in ", " notin ", "(", ")", ",", ">", "<", "a", "a.b/c", " ", "''"),
                Set.of(IllegalArgumentException.class),
                input -> LabelSelectorParser.parse(text(input)).toString().length());
    }

    private static Target fields() {
        return new Target(
                "field-selector",
                Target.bytes("metadata.name=a,spec.nodeName!=b,status.phase==c\\,d\\=e\\\\"),
                Target.bytes("=", "==", "!=", ",", "\\", "\\,", "a"),
                Set.of(IllegalArgumentException.class),
                input -> FieldSelector.parse(text(input)).toString().length());
    }

    private static Target quantities() {
        return new Target(
                "quantity",
                Target.bytes("100m", "1.5Gi", "2e3", "-0.5", "123456789E", "1e-9", ".5", "5."),
                Target.bytes("e", "E", "+", "-", ".", "Ki", "Ei", "m", "n", "u", "0", "9", "999999999999999999"),
                Set.of(IllegalArgumentException.class),
                input -> {
                    var amount = Quantity.parse(text(input));
                    Quantity.parse(amount.toString());
                    return amount.plus(amount).toString().length() + amount.units() % 2 + amount.milli() % 2;
                });
    }

    private static Target names() {
        return new Target(
                "names",
                Target.bytes("a-b.c", "example.com/Name_x", "*.a.b", "10.0.0.0/8", "::ffff:1.2.3.4", "2001:db8::1"),
                Target.bytes(".", "-", "/", "*.", "a", "A", "_", "0", ":", "::", "255", "a."),
                Set.of(),
                input -> {
                    var name = text(input);
                    var wrong = new ArrayList<>(Names.dnsLabel(name));
                    wrong.addAll(Names.dnsSubdomain(name));
                    wrong.addAll(Names.searchPath(name));
                    wrong.addAll(Names.wildcardSubdomain(name));
                    wrong.addAll(Names.qualifiedName(name));
                    wrong.addAll(Names.labelValue(name));
                    wrong.addAll(Names.configKey(name));
                    wrong.addAll(Names.portName(name));
                    wrong.addAll(Names.ip(name));
                    wrong.addAll(Names.endpointIp(name));
                    wrong.addAll(Names.canonicalIp(name));
                    wrong.addAll(Names.cidr(name));
                    wrong.addAll(Names.canonicalCidr(name));
                    return wrong.size();
                });
    }

    private static Target schedules() {
        var now = Instant.parse("2026-01-01T00:00:00Z");
        return new Target(
                "schedule",
                Target.bytes("*/5 1-3,7 * jan MON-FRI", "@every 1h30m", "@daily", "TZ=UTC 0 0 30 2 *", "? 1 ? * ?"),
                Target.bytes("*", "/", "-", ",", " ", "@every ", "TZ=", "CRON_TZ=", "1h", "59", "7", "?"),
                Set.of(IllegalArgumentException.class, DateTimeException.class),
                input -> {
                    var schedule = text(input);
                    if (CronSchedule.error(schedule).isPresent()) return 0;
                    return CronSchedule.of(schedule, ZoneOffset.UTC).next(now).isPresent() ? 1 : 2;
                });
    }

    private Target expressions() {
        return new Target(
                "expression",
                Target.bytes(
                        "object.spec.replicas <= 5 && has(object.metadata.labels.a)",
                        "request.userInfo.groups.exists(g, g.startsWith('system:')) ? true : [1, 2u, 3.0].all(x, x > 0)",
                        "object.a.matches('^[a-z]+$') || {'a': [b'c', r'd']}.size() == 1",
                        "authorizer.group('').resource('pods').namespace('a').check('get').allowed()",
                        "quantity('1Gi').isLessThan(quantity('2Gi')) && url('https://a/b').getHost() == 'a'"),
                Target.bytes(
                        "$",
                        "(",
                        ")",
                        "[",
                        "]",
                        "{",
                        "}",
                        ".",
                        ",",
                        "?",
                        ":",
                        "!",
                        "-",
                        "&&",
                        "||",
                        "==",
                        "in",
                        "has(",
                        ".all(x, ",
                        ".map(x, ",
                        ".exists(x, ",
                        "'",
                        "\"",
                        "\"\"\"",
                        "r'",
                        "b'",
                        "\\",
                        "\\u",
                        "1u",
                        "1.5e308",
                        "0x1F",
                        "9223372036854775808",
                        "object",
                        "null",
                        "true",
                        "cel.bind(x, ",
                        "optional.of(",
                        ".?",
                        "[?",
                        "Object{",
                        "//"),
                Set.of(),
                input -> expressions
                        .compile(text(input), CelEnvironment.admission())
                        .error()
                        .length());
    }

    private static Target schemas() {
        return new Target(
                "schema",
                Target.bytes(
                        "[{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":"
                                + "\"string\",\"pattern\":\"^a+$\",\"maxLength\":5,\"format\":\"uuid\"},\"b\":{\"type\":\"array\",\"items\":{\"type\":"
                                + "\"integer\",\"minimum\":1,\"multipleOf\":2},\"x-kubernetes-list-type\":\"set\"},\"c\":{\"x-kubernetes-int-or-string\":"
                                + "true},\"d\":{\"additionalProperties\":{\"type\":\"number\",\"default\":1}},\"e\":{\"enum\":[1,\"x\"],\"nullable\":true},"
                                + "\"f\":{\"anyOf\":[{\"type\":\"string\"}],\"not\":{\"enum\":[2]}},\"g\":{\"x-kubernetes-preserve-unknown-fields\":true,"
                                + "\"x-kubernetes-embedded-resource\":true}}}}},{\"spec\":{\"a\":\"aaa\",\"b\":[2,4],\"c\":\"x\",\"d\":{\"y\":1},\"e\":1,"
                                + "\"f\":\"s\",\"g\":{\"apiVersion\":\"v1\",\"kind\":\"A\",\"metadata\":{\"name\":\"n\"}}}}]"),
                Target.bytes(concat(
                        JSON_WORDS,
                        "\"$ref\":\"#\"",
                        "\"type\":\"object\"",
                        "\"properties\":",
                        "\"items\":",
                        "\"allOf\":[",
                        "\"not\":",
                        "\"pattern\":\"(a|a)*$\"",
                        "\"default\":",
                        "\"enum\":",
                        "\"x-kubernetes-list-type\":\"map\"",
                        "\"x-kubernetes-list-map-keys\":",
                        "\"additionalProperties\":",
                        "\"multipleOf\":0",
                        "\"minLength\":-1",
                        "\"format\":\"duration\"",
                        "\"spec\":{")),
                Set.of(Json.MalformedException.class),
                input -> {
                    var schema = CustomSchema.read(View.of(part(input, 0)));
                    var value = part(input, 1);
                    CustomObjects.form(value, schema);
                    var errors = new FieldErrors();
                    StructuralValidation.validate(value, null, schema, errors);
                    return size(value) + errors.size();
                });
    }
}
