package io.navarch.specs;

import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Runs requests that a file lists, as users that it names.
///
///     given                          the administrator prepares something
///     as USER [GROUP,GROUP]          requests of a user whom the administrator impersonates
///     account NAMESPACE/NAME[/POD]   requests with the token of a service account, perhaps bound to a pod
///     METHOD PATH [HEADER:VALUE] [merge|strategic|json|apply] [BODY] => CODE MESSAGE
///     can VERB RESOURCE [in NAMESPACE] [named NAME] [fields SELECTOR] [labels SELECTOR] => yes|no REASON
///
/// Bodies are YAML; `$uid(PATH)` is the uid of an object, `$token(ACCOUNT)` a token of an account.
final class AuthorizationScript {
    private static final Pattern UID = Pattern.compile("\\$uid\\(([^)]*)\\)");
    private static final Pattern TOKEN = Pattern.compile("\\$token\\(([^)]*)\\)");
    private static final Map<String, String> TYPES =
            Map.of("merge", Calls.MERGE, "strategic", Calls.STRATEGIC, "json", Calls.JSON_PATCH, "apply", Calls.APPLY);

    /// @param who how the section begins that the line is in
    /// @param expected the answer; empty for what is prepared
    record Step(int line, String who, String text, String expected) {
        /// The answer that is wanted, in the form of [#run].
        String wanted() {
            return canonical(expected);
        }

        String title() {
            return line + ": " + who + ": " + text;
        }
    }

    private final PlaneUnderTest plane;
    private final Calls calls;
    private final Map<String, String> tokens = new HashMap<>();

    AuthorizationScript(PlaneUnderTest plane) {
        this.plane = plane;
        calls = new Calls(plane);
    }

    static List<Step> read(String file) throws IOException {
        try (var stream =
                Objects.requireNonNull(AuthorizationScript.class.getResourceAsStream("authorization/" + file), file)) {
            var lines = new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            var steps = new ArrayList<Step>();
            var who = "";
            for (int i = 0; i < lines.size(); i++) {
                var text = lines.get(i).strip();
                if (text.isEmpty() || text.startsWith("#")) continue;
                if (text.matches("(given|as .*|account .*)")) {
                    who = text;
                    continue;
                }
                int arrow = text.indexOf(" => ");
                var expected = arrow < 0 ? "" : text.substring(arrow + 4).strip();
                steps.add(new Step(i + 1, who, arrow < 0 ? text : text.substring(0, arrow), expected));
            }
            return steps;
        }
    }

    /// The answer, as files write it.
    String run(Step step) {
        return step.text.startsWith("can ") ? asked(step) : requested(step);
    }

    private String asked(Step step) {
        var words = List.of(step.text.split(" "));
        var who = step.who.split(" ");
        var spec = new TreeMap<String, Object>();
        spec.put("user", who[1]);
        var groups = new ArrayList<Object>(who.length > 2 ? List.of(who[2].split(",")) : List.of());
        groups.add("system:authenticated");
        spec.put("groups", groups);
        if (words.get(2).startsWith("/"))
            spec.put("nonResourceAttributes", Trees.map("verb", words.get(1), "path", words.get(2)));
        else spec.put("resourceAttributes", resource(words));
        var answer = calls.tryPost(
                "/apis/authorization.k8s.io/v1/subjectaccessreviews", Json.writeString(Trees.map("spec", spec)));
        var status = answer.expect(201).status();
        var reason = status.get("reason").string().replace("\n", "\\n");
        return (status.get("allowed").bool() ? "yes" : "no") + (reason.isEmpty() ? "" : " " + reason);
    }

    private static Map<String, Object> resource(List<String> words) {
        var result = Trees.map("verb", words.get(1));
        var name = words.get(2);
        int slash = name.indexOf('/');
        if (slash >= 0) result.put("subresource", name.substring(slash + 1));
        if (slash >= 0) name = name.substring(0, slash);
        int dot = name.indexOf('.');
        result.put("group", dot < 0 ? "" : name.substring(dot + 1));
        result.put("resource", dot < 0 ? name : name.substring(0, dot));
        for (int i = 3; i < words.size(); i += 2) {
            var value = words.get(i + 1);
            switch (words.get(i)) {
                case "in" -> result.put("namespace", value);
                case "named" -> result.put("name", value);
                case "fields" -> result.put("fieldSelector", Trees.map("rawSelector", value));
                case "labels" -> result.put("labelSelector", Trees.map("rawSelector", value));
                default -> throw new IllegalArgumentException(String.join(" ", words));
            }
        }
        return result;
    }

    private String requested(Step step) {
        var parts = step.text.split(" ", 3);
        var rest = parts.length < 3 ? "" : parts[2];
        int body = rest.indexOf('{');
        if (body > 0 && rest.charAt(body - 1) == '[') body--;
        var type = "application/json";
        var headers = new ArrayList<String>();
        for (var word : (body < 0 ? rest : rest.substring(0, body)).split(" ")) {
            int colon = word.indexOf(':');
            if (TYPES.containsKey(word)) type = TYPES.get(word);
            else if (colon > 0) headers.addAll(List.of(word.substring(0, colon), word.substring(colon + 1)));
        }
        var token = who(step.who, headers);
        var text = body < 0 ? null : Json.writeString(Yaml.parse(withUids(rest.substring(body))));
        if (text != null) headers.addAll(List.of("Content-Type", type));
        var bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        var answer = plane.http(token, parts[0], parts[1], bytes, headers.toArray(String[]::new));
        return answer(step, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
    }

    /// @return the token to call with
    private String who(String who, List<String> headers) {
        var words = who.split(" ");
        switch (words[0]) {
            case "as" -> {
                headers.addAll(List.of("Impersonate-User", words[1]));
                if (words.length > 2)
                    for (var group : words[2].split(",")) headers.addAll(List.of("Impersonate-Group", group));
                return PlaneUnderTest.TOKEN;
            }
            case "account" -> {
                return tokens.computeIfAbsent(words[1], this::token);
            }
            default -> {
                return PlaneUnderTest.TOKEN;
            }
        }
    }

    private String token(String account) {
        var parts = account.split("/");
        var bound = parts.length < 3 ? "" : ", boundObjectRef: {kind: Pod, apiVersion: v1, name: " + parts[2] + "}";
        return calls.post(
                        "/api/v1/namespaces/" + parts[0] + "/serviceaccounts/" + parts[1] + "/token",
                        "{spec: {expirationSeconds: 3600" + bound + "}}")
                .status()
                .get("token")
                .string();
    }

    private String withUids(String text) {
        text = TOKEN.matcher(text).replaceAll(found -> tokens.computeIfAbsent(found.group(1), this::token));
        return UID.matcher(text).replaceAll(found -> calls.get(found.group(1)).uid());
    }

    private static String answer(Step step, int code, String text) {
        if (step.expected.isEmpty() && (code < 300 || code == 409)) return "";
        if (code >= 300) {
            var message = text.startsWith("{")
                    ? View.of(Json.parse(text)).get("message").string()
                    : text.strip();
            return (code + " " + message.replace("\n", "\\n")).strip();
        }
        // Only of answers to questions more than the code is compared.
        if (!step.expected.contains("{")) return String.valueOf(code);
        var status = Trees.copy(View.of(Json.parse(text)).status().map());
        if (!step.text.contains("Impersonate-Extra")) Trees.remove(status, "userInfo", "extra");
        Trees.remove(status, "user", "extra");
        Trees.remove(status, "user", "uid");
        return code + " " + compared(Trees.map("status", status));
    }

    /// The order of fields and of rules says nothing.
    private static String compared(Object answer) {
        for (var rules : List.of("resourceRules", "nonResourceRules"))
            if (View.of(answer).status().get(rules).value() instanceof List<?> list && answer instanceof Map<?, ?>)
                View.of(answer)
                        .status()
                        .map()
                        .put(
                                rules,
                                list.stream()
                                        .sorted(Comparator.comparing(GoText::of))
                                        .toList());
        return GoText.of(answer);
    }

    /// Bodies are compared whatever the order of their fields.
    private static String canonical(String expected) {
        int body = expected.indexOf(" {");
        return body < 0 || !expected.startsWith("20")
                ? expected
                : expected.substring(0, body + 1) + compared(Json.parse(expected.substring(body + 1)));
    }
}
