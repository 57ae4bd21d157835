package io.navarch.kinds.pod;

import io.navarch.kinds.types.Types;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.TaintEffect;
import io.navarch.model.Toleration;
import io.navarch.model.TolerationOperator;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.Sha256;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.walk.CanonicalForm;
import io.navarch.schema.walk.GoTypeErrors;
import io.navarch.schema.walk.Pruning;
import io.navarch.schema.walk.UnknownFields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Pods that a node runs by itself, as files describe them.
///
/// Source: https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
public final class PodManifest {
    /// Where a pod comes from, as its node says.
    public static final String SOURCE = "kubernetes.io/config.source";

    /// Which description a pod was made from.
    public static final String HASH = "kubernetes.io/config.hash";

    /// When the node has seen the description first.
    public static final String SEEN = "kubernetes.io/config.seen";

    private static final int UID_BYTES = 16;

    /// Every taint that ends pods: such a pod stays when there are problems, to which it may be the answer.
    private static final Toleration NO_EXECUTE = Toleration.builder()
            .operator(TolerationOperator.EXISTS)
            .effect(TaintEffect.NO_EXECUTE)
            .build();

    /// Why a file describes no pod.
    public static final class InvalidException extends Exception {
        InvalidException(String message) {
            super(message);
        }
    }

    private final KindDefinition kind;

    public PodManifest(Types types) {
        kind = PodKind.definition(types);
    }

    /// The pod as its node runs it: complete, checked, and with a uid that is another one for each description, node
    /// and file.
    ///
    /// @param text JSON or YAML, of which the first document counts
    public Pod read(byte[] text, String node, String file) throws InvalidException {
        var tree = tree(text);
        var hash = hash(tree, node, file);
        form(tree);
        var pod = Pod.edit(tree);
        own(pod, node, hash);
        kind.applyDefaults(tree);
        kind.prepare(tree, View.ABSENT);
        kind.applyDefaults(tree);
        var errors = errors(View.of(tree));
        if (!errors.isEmpty())
            throw new InvalidException(
                    errors.stream().map(FieldError::toString).collect(Collectors.joining(", ", "invalid pod: [", "]")));
        var made = pod.build();
        var needed = PodReferences.ofApi(made);
        if (needed.isPresent()) throw new InvalidException("static pods may not reference " + needed.get());
        return made;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(byte[] text) throws InvalidException {
        try {
            boolean json = new String(text, 0, Math.min(text.length, 256), StandardCharsets.UTF_8)
                    .stripLeading()
                    .startsWith("{");
            var tree = json ? Json.parse(text) : Yaml.read(text).tree();
            if (tree instanceof Map<?, ?> map) return (Map<String, Object>) map;
            throw new InvalidException("no object");
        } catch (Json.MalformedException e) {
            throw new InvalidException(String.valueOf(e.getMessage()));
        }
    }

    private static String hash(Map<String, Object> tree, String node, String file) {
        var place = "host:" + node + "file:" + file;
        var digest = Sha256.of(Json.write(Trees.sorted(tree)), place.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(digest, UID_BYTES));
    }

    private void form(Map<String, Object> tree) throws InvalidException {
        var view = View.of(tree);
        var type = Resources.PODS;
        if (!view.get(Pod.API_VERSION).string().equals(type.apiVersion())
                || !view.get(Pod.KIND).string().equals(type.kind()))
            throw new InvalidException("apiVersion and kind must be " + type.apiVersion() + " and " + type.kind());
        var schema = kind.storage().schema();
        kind.readOldForm(tree);
        kind.normalise(tree);
        var wrong = GoTypeErrors.find(tree, schema, kind.kind());
        if (wrong.isPresent()) throw new InvalidException(wrong.get());
        Pruning.prune(tree, schema, "", new UnknownFields());
        CanonicalForm.apply(tree, schema);
    }

    /// What the node says of it, whatever the description does.
    private static void own(Pod.Builder pod, String node, String hash) throws InvalidException {
        var given = pod.build().metadata();
        if (given.name().isEmpty()) throw new InvalidException("invalid pod: name is needed for the pod");
        var annotations = new HashMap<>(given.annotations());
        annotations.keySet().removeAll(List.of(Pods.MIRROR, SEEN));
        annotations.put(HASH, hash);
        annotations.put(SOURCE, "file");
        var metadata = ObjectMeta.builder()
                .name(given.name() + "-" + node.toLowerCase(Locale.ROOT))
                .namespace(given.namespace().isEmpty() ? "default" : given.namespace())
                .uid(hash)
                .annotations(annotations);
        if (!given.labels().isEmpty()) metadata.labels(given.labels());
        pod.metadata(metadata.build()).clearStatus();
        pod.spec(spec -> {
            spec.nodeName(node);
            boolean tolerates = spec.build().tolerations().stream()
                    .anyMatch(each -> Trees.semanticEquals(
                            each.view().map(), NO_EXECUTE.view().map()));
            if (!tolerates) spec.addTolerations(NO_EXECUTE);
        });
    }

    private List<FieldError> errors(View pod) {
        var errors = new FieldErrors();
        var metadata = pod.metadata();
        invalid(ObjectMeta.NAME, pod.name(), kind.nameErrors(pod.name()), errors);
        invalid(ObjectMeta.NAMESPACE, pod.namespace(), Names.dnsLabel(pod.namespace()), errors);
        metadata.get(ObjectMeta.LABELS).map().forEach((key, value) -> {
            invalid(ObjectMeta.LABELS, key, Names.qualifiedName(key), errors);
            invalid(ObjectMeta.LABELS, value, Names.labelValue(String.valueOf(value)), errors);
        });
        for (var key : metadata.get(ObjectMeta.ANNOTATIONS).map().keySet())
            invalid(ObjectMeta.ANNOTATIONS, key, Names.qualifiedName(key.toLowerCase(Locale.ROOT)), errors);
        errors.addAll(kind.check(pod, View.ABSENT));
        return errors;
    }

    private static void invalid(String field, Object value, List<String> wrong, List<FieldError> errors) {
        for (var text : wrong) errors.add(FieldError.invalid("metadata." + field, value, text));
    }
}
