package io.navarch.comparison.generate;

import io.navarch.comparison.Call;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls of a kind that try the request rather than the object: verbs, options, media types, selectors, versions,
/// bodies that are none.
public final class RequestCalls {
    private static final List<String> LIST_OPTIONS = List.of(
            "limit=1",
            "limit=0",
            "limit=-1",
            "limit=x",
            "continue=x",
            "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ",
            "labelSelector=a=b",
            "labelSelector=a%20in%20(b,c)",
            "labelSelector=a%20in%20(b",
            "labelSelector=!a",
            "labelSelector=a%3D%3D%3Db",
            "labelSelector=-x",
            "labelSelector=a,b,c!=d",
            "labelSelector=a%3E1",
            "labelSelector=a%3Ex",
            "fieldSelector=metadata.name=a",
            "fieldSelector=metadata.name!=a",
            "fieldSelector=metadata.namespace=compared",
            "fieldSelector=spec.nodeName=x",
            "fieldSelector=status.phase=Running",
            "fieldSelector=x=y",
            "fieldSelector=metadata.uid=x",
            "fieldSelector=x",
            "fieldSelector=metadata.name%20in%20(a)",
            "resourceVersion=0",
            "resourceVersion=1",
            "resourceVersion=x",
            "resourceVersion=-1",
            "resourceVersion=99999999999",
            "resourceVersionMatch=Exact",
            "resourceVersionMatch=x",
            "resourceVersion=0&resourceVersionMatch=Exact",
            "resourceVersion=0&resourceVersionMatch=NotOlderThan",
            "resourceVersion=1&resourceVersionMatch=NotOlderThan&limit=1",
            "resourceVersion=0&limit=1",
            "resourceVersionMatch=NotOlderThan",
            "resourceVersion=0&continue=x",
            "timeoutSeconds=x",
            "timeoutSeconds=1",
            "pretty=true",
            "pretty=x",
            "sendInitialEvents=true",
            "watch=x",
            "watch=true&resourceVersion=x",
            "watch=true&timeoutSeconds=x",
            "watch=true&sendInitialEvents=true&timeoutSeconds=1",
            "watch=true&resourceVersionMatch=Exact&timeoutSeconds=1",
            "watch=true&resourceVersion=1&resourceVersionMatch=NotOlderThan&timeoutSeconds=1",
            "watch=true&labelSelector=a%20in&timeoutSeconds=1",
            "watch=true&limit=x&timeoutSeconds=1",
            "unknown=1",
            "allowWatchBookmarks=x");

    private static final List<String> ACCEPTED = List.of(
            "*/*",
            "application/*",
            "application/json;q=0.5, application/yaml",
            "application/json;as=Table;v=v1;g=meta.k8s.io",
            "application/json;as=Table;v=v1beta1;g=meta.k8s.io",
            "application/json;as=Table;v=v2;g=meta.k8s.io",
            "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
            "application/json;as=Nonsense;v=v1;g=meta.k8s.io",
            "application/json;as=Nonsense;v=v1;g=meta.k8s.io, application/json",
            "application/json;stream=watch",
            "application/xml",
            "text/html",
            "nonsense",
            "");

    private static final List<String> WRITE_OPTIONS = List.of(
            "dryRun=x",
            "dryRun=All&dryRun=All",
            "dryRun=",
            "fieldValidation=x",
            "fieldValidation=Strict&dryRun=All",
            "fieldValidation=Warn&dryRun=All",
            "fieldValidation=Ignore&dryRun=All",
            "fieldManager=%00&dryRun=All",
            "fieldManager=" + "a".repeat(129) + "&dryRun=All",
            "pretty=true&dryRun=All",
            "unknown=1&dryRun=All",
            "force=true&dryRun=All");

    private static final List<String> BODIES = List.of(
            "",
            "{",
            "[]",
            "null",
            "5",
            "\"x\"",
            "{}",
            "{\"kind\":5}",
            "{\"apiVersion\":\"x/y/z\",\"kind\":\"x\"}",
            "{\"apiVersion\":\"v1\",\"kind\":\"Nonsense\"}",
            "{\"apiVersion\":\"v1\"}",
            "{\"kind\":\"Pod\"}",
            "{\"metadata\":5}",
            "{\"metadata\":{\"name\":5}}",
            "{\"metadata\":null}",
            "{\"metadata\":{\"name\":\"\"}}",
            "{\"a\":1,\"a\":2}",
            "{\"metadata\":{\"name\":\"a\",\"name\":\"a\"}}",
            "apiVersion: v1\nkind: x\n");

    private static final List<String> TYPES = List.of(
            "application/json",
            "application/yaml",
            "application/vnd.kubernetes.protobuf",
            "application/xml",
            "text/plain",
            "application/merge-patch+json",
            "application/json-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml",
            "application/json;charset=utf-8",
            "nonsense",
            "");

    private final Sample sample;

    public RequestCalls(Sample sample) {
        this.sample = sample;
    }

    private String name(String what) {
        return sample.name() + " " + what;
    }

    private String object() {
        return sample.collection() + "/" + sample.objectName().orElse("a");
    }

    public List<Call> all() {
        var calls = new ArrayList<Call>();
        reads(calls);
        writes(calls);
        deletes(calls);
        for (var verb : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"))
            for (var uri : List.of(
                    sample.collection(), object(), object() + "/status", object() + "/scale", object() + "/nonsense"))
                if (!(verb.equals("DELETE") && (uri.equals(object()) || uri.equals(sample.collection()))))
                    calls.add(new Call(name(verb + " " + uri), verb, uri, Call.JSON, Optional.empty()));
        return calls;
    }

    private void reads(List<Call> calls) {
        for (var option : LIST_OPTIONS) calls.add(Call.get(name("list " + option), sample.collection() + "?" + option));
        for (var accept : ACCEPTED) {
            for (var uri : List.of(sample.collection(), object()))
                calls.add(new Call(name("get " + uri + " as " + accept), "GET", uri, accept, Optional.empty()));
        }
        for (var option : List.of(
                "resourceVersion=0", "resourceVersion=x", "resourceVersion=99999999999", "pretty=true", "unknown=1"))
            calls.add(Call.get(name("get " + option), object() + "?" + option));
        calls.add(Call.get(name("get of none"), sample.collection() + "/none"));
        calls.add(Call.get(name("get of a bad name"), sample.collection() + "/Not%20A%20Name"));
        for (var part :
                List.of("includeObject=None", "includeObject=Metadata", "includeObject=Object", "includeObject=x"))
            calls.add(new Call(
                    name("table " + part),
                    "GET",
                    sample.collection() + "?" + part,
                    "application/json;as=Table;v=v1;g=meta.k8s.io",
                    Optional.empty()));
    }

    private void writes(List<Call> calls) {
        for (var option : WRITE_OPTIONS) {
            calls.add(Call.of(name("create " + option), "POST", sample.collection() + "?" + option, other("b")));
            calls.add(Call.patch(
                    name("patch " + option),
                    object() + "?" + option,
                    "application/merge-patch+json",
                    Map.of("metadata", Map.of("labels", Map.of("x", "y")), "unknownField", 1)));
        }
        for (var body : BODIES) {
            for (var type : List.of("application/json", "application/yaml")) {
                calls.add(raw("create", "POST", sample.collection() + "?dryRun=All", type, body));
                calls.add(raw("update", "PUT", object() + "?dryRun=All", type, body));
            }
            for (var type : List.of(
                    "application/merge-patch+json",
                    "application/json-patch+json",
                    "application/strategic-merge-patch+json",
                    "application/apply-patch+yaml"))
                calls.add(raw("patch", "PATCH", object() + "?dryRun=All&fieldManager=m", type, body));
        }
        for (var type : TYPES) {
            var body = new String(Json.write(other("b")), StandardCharsets.UTF_8);
            calls.add(raw("create as", "POST", sample.collection() + "?dryRun=All", type, body));
            calls.add(raw("update as", "PUT", object() + "?dryRun=All", type, body));
            calls.add(raw(
                    "patch as", "PATCH", object() + "?dryRun=All", type, "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}"));
        }
        versions(calls);
    }

    private void versions(List<Call> calls) {
        for (var field : List.of(
                "resourceVersion",
                "uid",
                "namespace",
                "name",
                "generateName",
                "selfLink",
                "creationTimestamp",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "generation")) {
            for (var value : List.<Object>of("x", "1", "", 5L)) {
                var what = field + "=" + value;
                calls.add(Call.of(
                        name("create " + what),
                        "POST",
                        sample.collection() + "?dryRun=All",
                        with(other("b"), field, value)));
                calls.add(Call.of(
                        name("update " + what), "PUT", object() + "?dryRun=All", with(sample.object(), field, value)));
                calls.add(Call.patch(
                        name("patch " + what),
                        object() + "?dryRun=All",
                        "application/merge-patch+json",
                        Map.of("metadata", Map.of(field, value))));
            }
        }
        calls.add(Call.of(
                name("create of one that is there"), "POST", sample.collection() + "?dryRun=All", sample.object()));
        calls.add(Call.of(name("update of none"), "PUT", sample.collection() + "/none?dryRun=All", other("none")));
        calls.add(Call.of(
                name("update under another name"), "PUT", sample.collection() + "/none?dryRun=All", sample.object()));
        calls.add(Call.patch(
                name("patch of none"),
                sample.collection() + "/none?dryRun=All",
                "application/merge-patch+json",
                Map.of()));
        calls.add(Call.patch(
                name("apply of none"),
                sample.collection() + "/none?dryRun=All&fieldManager=m",
                "application/apply-patch+yaml",
                other("none")));
        calls.add(Call.patch(
                name("apply without a manager"),
                object() + "?dryRun=All",
                "application/apply-patch+yaml",
                sample.object()));
        calls.add(Call.patch(
                name("apply of all"),
                object() + "?dryRun=All&fieldManager=m&force=true",
                "application/apply-patch+yaml",
                sample.object()));
        calls.add(Call.patch(
                name("apply of all, not forced"),
                object() + "?dryRun=All&fieldManager=m",
                "application/apply-patch+yaml",
                sample.object()));
    }

    private void deletes(List<Call> calls) {
        for (var body : List.of(
                "{\"dryRun\":[\"All\"],\"propagationPolicy\":\"x\"}",
                "{\"dryRun\":[\"All\"],\"propagationPolicy\":\"Foreground\"}",
                "{\"dryRun\":[\"All\"],\"propagationPolicy\":\"Orphan\"}",
                "{\"dryRun\":[\"All\"],\"gracePeriodSeconds\":-1}",
                "{\"dryRun\":[\"All\"],\"gracePeriodSeconds\":0}",
                "{\"dryRun\":[\"All\"],\"gracePeriodSeconds\":\"x\"}",
                "{\"dryRun\":[\"All\"],\"orphanDependents\":true}",
                "{\"dryRun\":[\"All\"],\"orphanDependents\":true,\"propagationPolicy\":\"Background\"}",
                "{\"dryRun\":[\"All\"],\"preconditions\":{\"uid\":\"x\"}}",
                "{\"dryRun\":[\"All\"],\"preconditions\":{\"resourceVersion\":\"1\"}}",
                "{\"dryRun\":[\"x\"]}",
                "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"dryRun\":[\"All\"]}",
                "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}",
                "{",
                "[]",
                "{\"unknown\":1,\"dryRun\":[\"All\"]}"))
            calls.add(raw("delete", "DELETE", object() + "?dryRun=All", Call.JSON, body));
        for (var option : List.of(
                "dryRun=All&propagationPolicy=x",
                "dryRun=All&gracePeriodSeconds=x",
                "dryRun=x",
                "dryRun=All&gracePeriodSeconds=0",
                "dryRun=All&orphanDependents=x"))
            calls.add(
                    new Call(name("delete " + option), "DELETE", object() + "?" + option, Call.JSON, Optional.empty()));
        calls.add(
                new Call(name("delete of none"), "DELETE", sample.collection() + "/none", Call.JSON, Optional.empty()));
        calls.add(new Call(
                name("delete collection"), "DELETE", sample.collection() + "?dryRun=All", Call.JSON, Optional.empty()));
        calls.add(new Call(
                name("delete collection by a label"),
                "DELETE",
                sample.collection() + "?dryRun=All&labelSelector=none%3Dsuch",
                Call.JSON,
                Optional.empty()));
    }

    private Call raw(String what, String method, String uri, String type, String body) {
        return new Call(
                name(what + " " + type + " " + body),
                method,
                uri,
                Call.JSON,
                Optional.of(new Call.Body(type, body.getBytes(StandardCharsets.UTF_8))));
    }

    private Map<String, Object> other(String name) {
        return with(sample.object(), "name", name);
    }

    private static Map<String, Object> with(Map<String, Object> object, String field, Object value) {
        var copy = new LinkedHashMap<>(object);
        var metadata = new LinkedHashMap<>(View.of(object).metadata().map());
        metadata.put(field, value);
        copy.put("metadata", metadata);
        return copy;
    }
}
