package io.navarch.images.registry;

import io.navarch.http.BodyTooLargeException;
import io.navarch.http.Exchange;
import io.navarch.images.Blobs;
import io.navarch.images.ImageManifest;
import io.navarch.images.ImageName;
import io.navarch.images.ImageStore;
import io.navarch.images.NoRoomException;
import io.navarch.images.NodeRegistry;
import io.navarch.images.RegistryNames;
import io.navarch.images.registry.RegistryAccess.Action;
import io.navarch.images.registry.RegistryAccess.Caller;
import io.navarch.images.registry.RegistryException.Code;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Serves the registry protocol: pull, push, lists, deletion, and what refers to a manifest.
///
/// Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md
public final class Registry {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_LISTED = 10_000;
    private static final String JSON = "application/json";
    private static final Pattern PATH =
            Pattern.compile("/v2/(?<name>.+?)/(?:(?<tags>tags/list)|manifests/(?<manifest>[^/]+)"
                    + "|blobs/uploads/?(?<upload>[^/]*)|blobs/(?<blob>[^/]+)|referrers/(?<subject>[^/]+))");

    /// A manifest takes a multiple of its length while it is read: so many at a time, and no more.
    private static final int MOST_READ = 8;

    /// Clients take no longer index than a manifest may be; its frame needs some of that.
    private static final int MOST_REFERRING = ImageManifest.LONGEST - (64 << 10);

    private final ImageStore store;
    private final RegistryAccess access;
    private final Repositories repositories;
    private final Uploads uploads;
    private final NodeRegistry forNodes;
    private final Semaphore reading = new Semaphore(MOST_READ);

    public Registry(ImageStore store, NodeRegistry forNodes, RegistryAccess access, InstantSource clock) {
        this.store = store;
        this.forNodes = forNodes;
        this.access = access;
        repositories = new Repositories(store, RegistryNames.CANONICAL, clock);
        uploads = new Uploads(store.blobs(), clock);
    }

    /// Removes what nobody needs any more.
    public void collect() throws IOException {
        uploads.removeIdle();
        var held = repositories.sweep();
        long ignored = store.collect(held);
    }

    /// What pushed images need, whether they have a tag or not.
    public static Set<String> held(ImageStore store) throws IOException {
        return new Repositories(store, RegistryNames.CANONICAL, InstantSource.system()).linked();
    }

    public void serve(Exchange exchange) throws IOException {
        exchange.patience(PATIENCE);
        try {
            var caller = access.caller(exchange)
                    .orElseThrow(() -> new RegistryException(
                            Code.UNAUTHORIZED, "log in with a token of the cluster as the password"));
            dispatch(exchange, caller);
        } catch (RegistryException e) {
            fail(exchange, e);
        } catch (BodyTooLargeException e) {
            fail(exchange, new RegistryException(Code.MANIFEST_INVALID, 413, String.valueOf(e.getMessage())));
        } catch (NoRoomException e) {
            fail(exchange, new RegistryException(Code.DENIED, 507, String.valueOf(e.getMessage())));
        } catch (ApiException e) {
            fail(exchange, new RegistryException(Code.DENIED, 503, "cannot tell who may: " + e.getMessage()));
        }
    }

    private static void fail(Exchange exchange, RegistryException why) throws IOException {
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", JSON);
        if (why.status() == 401) headers.put("WWW-Authenticate", "Basic realm=\"" + RegistryNames.CANONICAL + "\"");
        // What is left of a body may be long.
        if (!exchange.arrived()) exchange.lastOfConnection();
        var error = Trees.map("code", why.code().name(), "message", why.getMessage());
        exchange.respond(why.status(), headers, Json.write(Trees.map("errors", List.of(error))));
    }

    private void dispatch(Exchange exchange, Caller caller) throws IOException, RegistryException {
        var path = exchange.path();
        if (!exchange.query("ns").isEmpty()) {
            if (!access.everyImage(caller)) throw denied(caller, "read images of other registries");
            forNodes.serve(exchange);
            return;
        }
        if (path.equals("/v2/") || path.equals("/v2")) {
            exchange.respond(200, JSON, Json.write(Map.of()));
            return;
        }
        if (path.equals("/v2/_catalog")) {
            require(caller, Action.LIST, "");
            list(exchange, "repositories", Map.of(), repositories.all());
            return;
        }
        var matcher = PATH.matcher(path);
        if (!matcher.matches()) throw new RegistryException(Code.UNSUPPORTED, 404, "there is nothing at " + path);
        var repository = matcher.group("name");
        if (!ImageName.isRepository(repository))
            throw new RegistryException(Code.NAME_INVALID, "no name of a repository: " + repository);
        var call = new Call(exchange, caller, repository);
        if (matcher.group("tags") != null) tags(call);
        else if (matcher.group("manifest") != null) manifest(call, matcher.group("manifest"));
        else if (matcher.group("upload") != null) upload(call, matcher);
        else if (matcher.group("blob") != null) blob(call, matcher.group("blob"));
        else referrers(call, matcher.group("subject"));
    }

    private interface Reading<T> {
        T make() throws IOException, RegistryException;
    }

    private <T> T reading(Reading<T> work) throws IOException, RegistryException {
        if (!reading.tryAcquire())
            throw new RegistryException(
                    Code.TOOMANYREQUESTS, MOST_READ + " calls that read manifests are under way already");
        try {
            return work.make();
        } finally {
            reading.release();
        }
    }

    private record Call(Exchange exchange, Caller caller, String repository) {
        String method() {
            return exchange.method();
        }

        boolean reads() {
            return method().equals("GET") || method().equals("HEAD");
        }

        String path() {
            return "/v2/" + repository;
        }
    }

    private static RegistryException denied(Caller caller, String what) {
        return new RegistryException(Code.DENIED, caller.user() + " may not " + what);
    }

    private void require(Caller caller, Action action, String repository) throws RegistryException {
        if (access.allowed(caller, action, repository)) return;
        int slash = repository.indexOf('/');
        var where = slash < 0 ? "the cluster" : "the namespace " + repository.substring(0, slash);
        throw denied(
                caller,
                action.verb() + " " + ApiAccess.REPOSITORIES + "." + ApiAccess.GROUP
                        + (repository.isEmpty() ? "" : " \"" + repository.substring(slash + 1) + "\"") + " in "
                        + where);
    }

    private void require(Call call, Action action) throws RegistryException {
        require(call.caller, action, call.repository);
    }

    private static RegistryException unsupported(Call call) {
        return new RegistryException(Code.UNSUPPORTED, call.method() + " is not for " + call.exchange.path());
    }

    private void tags(Call call) throws IOException, RegistryException {
        if (!call.reads()) throw unsupported(call);
        require(call, Action.PULL);
        if (!repositories.exists(call.repository))
            throw new RegistryException(Code.NAME_UNKNOWN, "there is no repository " + call.repository);
        list(
                call.exchange,
                "tags",
                Map.of("name", call.repository),
                repositories.tags(call.repository).keySet());
    }

    /// A part of a list, and where the next one begins.
    private static void list(Exchange exchange, String key, Map<String, Object> rest, Collection<String> sorted)
            throws IOException, RegistryException {
        var wanted = exchange.query("n");
        if (!wanted.matches("[0-9]{0,9}"))
            throw new RegistryException(Code.UNSUPPORTED, 400, "n must be a number, not " + wanted);
        int most = wanted.isEmpty() ? MOST_LISTED : Math.min(MOST_LISTED, Integer.parseInt(wanted));
        var last = exchange.query("last");
        var left = sorted.stream().filter(each -> each.compareTo(last) > 0).toList();
        var shown = left.stream().limit(most).toList();
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", JSON);
        if (shown.size() < left.size() && !shown.isEmpty())
            headers.put("Link", "<" + exchange.path() + "?n=" + most + "&last=" + shown.getLast() + ">; rel=\"next\"");
        var answer = new HashMap<String, Object>(rest);
        answer.put(key, shown);
        exchange.respond(200, headers, Json.write(answer));
    }

    private void manifest(Call call, String reference) throws IOException, RegistryException {
        if (!Blobs.isDigest(reference) && !ImageName.isTag(reference))
            throw new RegistryException(
                    reference.contains(":") ? Code.DIGEST_INVALID : Code.MANIFEST_INVALID,
                    "neither a tag nor a digest: " + reference);
        switch (call.method()) {
            case "GET", "HEAD" -> {
                require(call, Action.PULL);
                var digest = repositories.manifest(call.repository, reference);
                if (digest.isEmpty())
                    throw new RegistryException(
                            Code.MANIFEST_UNKNOWN, "there is no " + reference + " in " + call.repository);
                forNodes.respond(call.exchange, digest, true);
            }
            case "PUT" -> {
                require(call, Action.PUSH);
                var headers = reading(() -> put(call, reference));
                call.exchange.respond(201, headers, new byte[0]);
            }
            case "DELETE" -> {
                require(call, Action.DELETE);
                if (!repositories.removeManifest(call.repository, reference))
                    throw new RegistryException(
                            Code.MANIFEST_UNKNOWN, "there is no " + reference + " in " + call.repository);
                call.exchange.respond(202, JSON, new byte[0]);
            }
            default -> throw unsupported(call);
        }
    }

    private Map<String, String> put(Call call, String reference) throws IOException, RegistryException {
        var kept = repositories.put(call.repository, reference, call.exchange.body(ImageManifest.LONGEST));
        var headers = created(call.path() + "/manifests/" + kept.digest(), kept.digest());
        if (!kept.subject().isEmpty()) headers.put("OCI-Subject", kept.subject());
        return headers;
    }

    private static Map<String, String> created(String location, String digest) {
        var headers = new HashMap<String, String>();
        headers.put("Location", location);
        headers.put("Docker-Content-Digest", digest);
        return headers;
    }

    private void blob(Call call, String digest) throws IOException, RegistryException {
        if (!Blobs.isDigest(digest)) throw new RegistryException(Code.DIGEST_INVALID, "no digest: " + digest);
        require(call, call.method().equals("DELETE") ? Action.DELETE : Action.PULL);
        var unknown = new RegistryException(Code.BLOB_UNKNOWN, "there is no " + digest + " in " + call.repository);
        if (call.reads()) {
            if (!repositories.hasBlob(call.repository, digest)) throw unknown;
            forNodes.respond(call.exchange, Optional.of(digest), false);
        } else if (call.method().equals("DELETE")) {
            if (!repositories.removeBlob(call.repository, digest)) throw unknown;
            call.exchange.respond(202, JSON, new byte[0]);
        } else throw unsupported(call);
    }

    private void upload(Call call, Matcher matcher) throws IOException, RegistryException {
        require(call, Action.PUSH);
        var id = matcher.group("upload");
        if (id.isEmpty()) {
            if (!call.method().equals("POST")) throw unsupported(call);
            begin(call);
            return;
        }
        var upload = uploads.find(call.repository, id);
        switch (call.method()) {
            case "GET" -> progress(call, upload, 204);
            case "PATCH" -> {
                uploads.append(upload, call.exchange.header("content-range"), call.exchange.body());
                progress(call, upload, 202);
            }
            case "PUT" -> {
                var digest = call.exchange.query("digest");
                requireDigest(digest);
                uploads.append(upload, call.exchange.header("content-range"), call.exchange.body());
                finish(call, upload, digest);
            }
            case "DELETE" -> {
                uploads.cancel(upload);
                call.exchange.respond(204, Map.of(), new byte[0]);
            }
            default -> throw unsupported(call);
        }
    }

    private static void requireDigest(String digest) throws RegistryException {
        if (!Blobs.isDigest(digest))
            throw new RegistryException(Code.DIGEST_INVALID, "no digest that can be checked: \"" + digest + "\"");
    }

    private void begin(Call call) throws IOException, RegistryException {
        var mounted = call.exchange.query("mount");
        var from = call.exchange.query("from");
        if (!mounted.isEmpty() && mount(call, mounted, from)) return;
        var digest = call.exchange.query("digest");
        if (!digest.isEmpty()) requireDigest(digest);
        var upload = uploads.begin(call.repository, call.caller.user());
        if (digest.isEmpty()) {
            progress(call, upload, 202);
            return;
        }
        try {
            uploads.append(upload, "", call.exchange.body());
            finish(call, upload, digest);
        } finally {
            // Nobody has been told its place, to go on with what came.
            uploads.cancel(upload);
        }
    }

    /// Whether a blob of another repository is one of this, too. Who may not read it there sends it.
    private boolean mount(Call call, String digest, String from) throws IOException {
        if (!Blobs.isDigest(digest) || !ImageName.isRepository(from)) return false;
        if (!access.allowed(call.caller, Action.PULL, from) || !repositories.hasBlob(from, digest)) return false;
        repositories.addBlob(call.repository, digest);
        call.exchange.respond(201, created(call.path() + "/blobs/" + digest, digest), new byte[0]);
        return true;
    }

    private void finish(Call call, Uploads.Upload upload, String digest) throws IOException, RegistryException {
        uploads.finish(upload, digest);
        repositories.addBlob(call.repository, digest);
        call.exchange.respond(201, created(call.path() + "/blobs/" + digest, digest), new byte[0]);
    }

    private static void progress(Call call, Uploads.Upload upload, int status) throws IOException {
        call.exchange.respond(
                status,
                Map.of(
                        "Location",
                        call.path() + "/blobs/uploads/" + upload.id(),
                        "Docker-Upload-UUID",
                        upload.id(),
                        "Range",
                        "0-" + Math.max(0, upload.size() - 1)),
                new byte[0]);
    }

    /// The manifests that say something about another one.
    private void referrers(Call call, String subject) throws IOException, RegistryException {
        if (!call.reads()) throw unsupported(call);
        require(call, Action.PULL);
        requireDigest(subject);
        var wanted = call.exchange.query("artifactType");
        var found = reading(() -> referring(call.repository, subject, wanted));
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", ImageManifest.INDEX);
        if (!wanted.isEmpty()) headers.put("OCI-Filters-Applied", "artifactType");
        call.exchange.respond(
                200,
                headers,
                Json.write(Trees.map("schemaVersion", 2L, "mediaType", ImageManifest.INDEX, "manifests", found)));
    }

    /// Their descriptors, as many as clients read.
    private List<Object> referring(String repository, String subject, String wanted) throws IOException {
        var found = new ArrayList<Object>();
        long length = 0;
        for (var digest : repositories.manifests(repository)) {
            var manifest = repositories.read(digest);
            if (manifest.isEmpty() || !manifest.get().subject().equals(subject)) continue;
            var type = manifest.get().artifactType();
            if (!wanted.isEmpty() && !type.equals(wanted)) continue;
            var annotations = manifest.get().annotations();
            var descriptor = Trees.map(
                    "mediaType",
                    manifest.get().mediaType(),
                    "digest",
                    digest,
                    "size",
                    store.blobs().size(digest),
                    "artifactType",
                    type,
                    "annotations",
                    annotations.isEmpty() ? null : annotations);
            length += Json.write(descriptor).length + 1;
            if (length > MOST_REFERRING) break;
            found.add(descriptor);
        }
        return found;
    }
}
