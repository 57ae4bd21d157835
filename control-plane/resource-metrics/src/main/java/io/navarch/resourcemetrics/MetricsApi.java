package io.navarch.resourcemetrics;

import io.navarch.apiserver.delegation.OtherServers;
import io.navarch.apiserver.delegation.RegisteredVersion;
import io.navarch.apiserver.read.Rendering;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.MediaType;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.client.Caches;
import io.navarch.client.Client;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldSelector;
import io.navarch.objects.LabelSelectorParser;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import io.navarch.schema.admission.Verb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Answers `metrics.k8s.io`, unless another server has registered itself for it and answers: that one is asked as long
/// as it is there.
public final class MetricsApi implements OtherServers {
    /// As often as metrics-server is told to by its manifests.
    private static final Duration RESOLUTION = Duration.ofSeconds(15);
    /// Of an API that is an addition.
    private static final int PRIORITY = 100;
    /// About what an answer takes in memory of each that is measured.
    private static final long BYTES_EACH = 2 << 10;
    /// And of a whole day of as many nodes and pods as are kept.
    private static final long LARGEST_DAY = 16 << 20;

    private final OtherServers others;
    private final InstantSource clock;
    private final Rendering rendering;
    private volatile Optional<Caches> caches = Optional.empty();
    private volatile UsageHistory history = UsageHistory.EMPTY;
    private final UsageRecorder recorder;

    /// @param usage folder in which it is kept what was taken during the last day
    public MetricsApi(OtherServers others, InstantSource clock, Path usage) {
        this.others = others;
        this.clock = clock;
        recorder = new UsageRecorder(new UsageFiles(usage));
        rendering = new Rendering(clock);
    }

    /// Begins to ask nodes.
    ///
    /// @param client of this API, as somebody who may do everything
    public void start(TaskScope scope, Client client, Caches caches) {
        this.caches = Optional.of(caches);
        var scraper = new Scraper(client, caches, clock, Scraper.Patience.USUAL);
        scope.every("resource-metrics", RESOLUTION.toMillis(), () -> {
            var round = scraper.round();
            history = history.next(round.nodes(), round.pods(), RESOLUTION);
            recorder.round(history, clock.instant());
        });
    }

    @Override
    public boolean serve(ApiRequest request) throws IOException, InterruptedException {
        if (request.call().trusted().isEmpty()) recorder.called();
        if (UsageQuery.PATH.equals(request.info().path())) {
            usage(request);
            return true;
        }
        if (!ours(request.info()) || replaced()) return others.serve(request);
        answer(request);
        return true;
    }

    /// What was taken during the last day, for whoever may ask for the path.
    private void usage(ApiRequest request) throws IOException {
        if (!request.info().verb().equals("get")) throw notAllowed();
        request.response().requireMemory(LARGEST_DAY);
        var query = selector(text -> UsageQuery.of(request.call().query()), "");
        var buckets = recorder.since(clock.instant().minus(query.since())).stream()
                .map(query::part)
                .toList();
        request.response()
                .sendBytes(200, ContentTypes.JSON, UsageQuery.answer(buckets).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean ours(RequestInfo info) {
        return info.resourceRequest()
                ? info.group().equals(MetricsObjects.GROUP) && info.version().equals(MetricsObjects.VERSION)
                : MetricsObjects.isRoot(info.path());
    }

    private static boolean ours(RegisteredVersion version) {
        return version.group().equals(MetricsObjects.GROUP) && version.version().equals(MetricsObjects.VERSION);
    }

    /// Whether somebody else serves it: another server that answers, or whoever has defined resources of that name.
    private boolean replaced() {
        return others.versions().stream()
                .anyMatch(version -> ours(version)
                        && version.elsewhere()
                                .map(RegisteredVersion.Elsewhere::current)
                                .orElse(true));
    }

    private void answer(ApiRequest request) throws IOException {
        var info = request.info();
        if (!info.resourceRequest()) {
            if (!info.verb().equals("get")) throw notAllowed();
            request.response().send(200, MetricsObjects.resourceList());
            return;
        }
        var resource = MetricsObjects.resource(info.resource())
                .filter(each -> info.subresource().isEmpty()
                        && (each.namespaced() || info.namespace().isEmpty()))
                .orElseThrow(() -> new ApiException(
                        ApiException.Reason.NOT_FOUND, "the server could not find the requested resource"));
        if (!info.is(Verb.GET) && !info.is(Verb.LIST)) throw notAllowed();
        var form = MediaType.accepted(
                request.call().header(HeaderNames.ACCEPT), true, format -> format != MediaType.Format.PROTOBUF);
        request.response().form(form);
        if (info.is(Verb.LIST)) {
            list(request, resource, form);
            return;
        }
        var key = new ObjectKey(info.namespace(), info.name());
        if (find(resource, key).isEmpty()) throw ApiException.notFound(resource.plural(), "", info.name());
        var found = measured(resource, key)
                .orElseThrow(() ->
                        ApiException.notFound(resource.measured(), MetricsObjects.GROUP, MetricsObjects.said(key)));
        if (form.table()) request.response().send(200, table(request, resource, List.of(found), form));
        else if (form.metadataOnly()) request.response().send(200, rendering.metadata(View.of(found)));
        else request.response().send(200, found);
    }

    private void list(ApiRequest request, MetricsObjects.Resource resource, MediaType form) throws IOException {
        var objects = all(request, resource);
        if (form.table()) {
            request.response().send(200, table(request, resource, objects, form));
        } else if (form.metadataOnly()) {
            var items = objects.stream()
                    .<Object>map(each -> rendering.metadata(View.of(each)))
                    .toList();
            request.response()
                    .send(
                            200,
                            Rendering.list(
                                    "PartialObjectMetadataList", "meta.k8s.io/v1", new LinkedHashMap<>(), items));
        } else {
            request.response().send(200, MetricsObjects.list(resource, objects));
        }
    }

    private Map<String, Object> table(
            ApiRequest request, MetricsObjects.Resource resource, List<Map<String, Object>> objects, MediaType form) {
        var include = request.call().query("includeObject");
        return rendering.table(objects, resource.endpoint(), new LinkedHashMap<>(), include, true, form);
    }

    private List<Map<String, Object>> all(ApiRequest request, MetricsObjects.Resource resource) {
        var info = request.info();
        var labels = selector(LabelSelectorParser::parse, request.call().query("labelSelector"));
        var fields = selector(FieldSelector::parse, request.call().query("fieldSelector"));
        var keys = new ArrayList<ObjectKey>();
        for (var each : caches.isPresent() ? caches.get().of(resource.of()).all() : List.<Lens>of()) {
            var object = View.over(each);
            var key = object.key();
            boolean selected = (info.namespace().isEmpty() || info.namespace().equals(key.namespace()))
                    && labels.matches(object.labels())
                    && fields.matches(path -> field(path, key));
            if (selected) keys.add(key);
        }
        request.response().requireMemory(BYTES_EACH * keys.size());
        keys.sort(Comparator.naturalOrder());
        var objects = new ArrayList<Map<String, Object>>();
        for (var key : keys) measured(resource, key).ifPresent(objects::add);
        return objects;
    }

    private static String field(String path, ObjectKey key) {
        return switch (path) {
            case "metadata.name" -> key.name();
            case "metadata.namespace" -> key.namespace();
            default -> "";
        };
    }

    private Optional<View> find(MetricsObjects.Resource resource, ObjectKey key) {
        return caches.<View>map(each -> View.over(each.of(resource.of()).get(key)))
                .filter(View::exists);
    }

    private Optional<Map<String, Object>> measured(MetricsObjects.Resource resource, ObjectKey key) {
        var labels = find(resource, key).map(View::labels).orElse(Map.of());
        var now = clock.instant();
        return resource.namespaced()
                ? history.pod(key).map(usage -> MetricsObjects.pod(key, labels, usage, now))
                : history.node(key.name()).map(usage -> MetricsObjects.node(key.name(), labels, usage, now));
    }

    private static <T> T selector(Function<String, T> parse, String text) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static ApiException notAllowed() {
        return new ApiException(
                ApiException.Reason.METHOD_NOT_ALLOWED,
                "the server does not allow this method on the requested resource");
    }

    @Override
    public List<RegisteredVersion> versions() {
        var known = others.versions();
        if (replaced()) return known;
        var all =
                new ArrayList<>(known.stream().filter(version -> !ours(version)).toList());
        all.add(new RegisteredVersion(
                MetricsObjects.GROUP,
                MetricsObjects.VERSION,
                PRIORITY,
                PRIORITY,
                Optional.of(new RegisteredVersion.Elsewhere(MetricsObjects.discovered(), true))));
        return all;
    }

    @Override
    public boolean serveOpenApi(ApiRequest request, String root) throws IOException {
        return others.serveOpenApi(request, root);
    }

    @Override
    public List<Map<String, Object>> openApi2() {
        return others.openApi2();
    }

    @Override
    public Map<String, String> openApi3() {
        return others.openApi3();
    }

    @Override
    public long generation() {
        return others.generation();
    }

    @Override
    public void drain() {
        others.drain();
    }
}
