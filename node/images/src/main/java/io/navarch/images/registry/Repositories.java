package io.navarch.images.registry;

import io.navarch.images.Blobs;
import io.navarch.images.ImageManifest;
import io.navarch.images.ImageName;
import io.navarch.images.ImageStore;
import io.navarch.images.registry.RegistryException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which contents belong to which repository: whoever may read one repository reads no content of another, even when
/// both are kept once. A repository has a directory with an empty file for each of its manifests and blobs.
final class Repositories {
    /// A manifest without a tag may run somewhere by its digest.
    private static final Duration UNTAGGED = Duration.ofDays(7);

    /// All are read when one is asked for.
    private static final int MOST_TAGS = 10_000;

    /// Between a blob and the manifest that names it a large push may take its time.
    private static final Duration UNUSED = Duration.ofDays(1);

    private static final String MANIFEST = ".manifest";
    private static final String BLOB = ".blob";

    private final ImageStore store;
    /// Before names of repositories, to make names of images of them.
    private final String host;
    private final Path directory;
    private final InstantSource clock;

    Repositories(ImageStore store, String host, InstantSource clock) {
        this.store = store;
        this.host = host;
        this.clock = clock;
        directory = store.directory().resolve("repositories");
    }

    private Path folder(String repository) {
        return directory.resolve(repository.replace('/', ','));
    }

    private Path link(String repository, String digest, String kind) {
        return folder(repository).resolve(digest.replace(':', '-') + kind);
    }

    void addBlob(String repository, String digest) throws IOException {
        link(link(repository, digest, BLOB));
    }

    private void link(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        if (Files.exists(file)) Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        else Files.createFile(file);
    }

    boolean hasBlob(String repository, String digest) throws IOException {
        if (!store.blobs().has(digest)) return false;
        return Files.exists(link(repository, digest, BLOB))
                || loaded(new HashSet<>(tags(repository).values())).contains(digest);
    }

    boolean removeBlob(String repository, String digest) throws IOException {
        return Files.deleteIfExists(link(repository, digest, BLOB));
    }

    /// What images lead to that were not pushed but loaded under a name of this registry.
    private Set<String> loaded(Set<String> tagged) throws IOException {
        var found = new HashSet<String>();
        for (var manifest : tagged) found.addAll(parts(manifest));
        return found;
    }

    private Set<String> parts(String manifest) throws IOException {
        return read(manifest).stream()
                .flatMap(each -> each.parts().stream())
                .map(ImageManifest.Descriptor::digest)
                .collect(Collectors.toSet());
    }

    /// Empty when it is not here, or cannot be read: what an earlier release took may be refused by this one, and
    /// must not hold up the others.
    Optional<ImageManifest> read(String manifest) throws IOException {
        var file = store.blobs().find(manifest);
        if (file.isEmpty() || Files.size(file.get()) > ImageManifest.LONGEST) return Optional.empty();
        var document = Files.readAllBytes(file.get());
        try {
            return Optional.of(ImageManifest.parse(document));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private String image(String repository, String tag) {
        return new ImageName(host, repository, tag).toString();
    }

    /// Digest by tag.
    TreeMap<String, String> tags(String repository) throws IOException {
        var prefix = host + "/" + repository + ":";
        var tags = new TreeMap<String, String>();
        store.names().forEach((name, digest) -> {
            if (name.startsWith(prefix)) tags.put(name.substring(prefix.length()), digest);
        });
        return tags;
    }

    /// Names of all repositories that have something.
    TreeSet<String> all() throws IOException {
        var all = new TreeSet<String>();
        store.names().keySet().stream()
                .filter(name -> name.startsWith(host + "/"))
                .map(name -> name.substring(host.length() + 1, name.lastIndexOf(':')))
                .forEach(all::add);
        for (var folder : folders()) all.add(folder.getFileName().toString().replace(',', '/'));
        return all;
    }

    private List<Path> folders() throws IOException {
        if (!Files.isDirectory(directory)) return List.of();
        try (var list = Files.list(directory)) {
            return list.toList();
        }
    }

    boolean exists(String repository) throws IOException {
        return Files.isDirectory(folder(repository)) || !tags(repository).isEmpty();
    }

    /// The digest of a manifest by tag or digest.
    Optional<String> manifest(String repository, String reference) throws IOException {
        if (!Blobs.isDigest(reference))
            return Optional.ofNullable(tags(repository).get(reference)).filter(store.blobs()::has);
        boolean here = store.blobs().has(reference)
                && (Files.exists(link(repository, reference, MANIFEST))
                        || tags(repository).containsValue(reference));
        return here ? Optional.of(reference) : Optional.empty();
    }

    /// A manifest that was pushed.
    ///
    /// @param subject that it says something about, `""` for none
    record Kept(String digest, String subject) {}

    /// Keeps a manifest, and names it if the reference is a tag.
    ///
    /// @throws RegistryException when it names what the repository does not have
    Kept put(String repository, String reference, byte[] document) throws IOException, RegistryException {
        var digest = Blobs.digest(new ByteArrayInputStream(document));
        if (Blobs.isDigest(reference) && !digest.equals(reference))
            throw new RegistryException(Code.DIGEST_INVALID, "what was sent is " + digest);
        var tags = tags(repository);
        if (!Blobs.isDigest(reference) && !tags.containsKey(reference) && tags.size() >= MOST_TAGS)
            throw new RegistryException(Code.DENIED, repository + " has " + MOST_TAGS + " tags already");
        var manifest = parse(document);
        requireParts(repository, new HashSet<>(tags.values()), manifest);
        store.blobs().requireRoom(document.length);
        var kept = store.blobs().add(document);
        link(link(repository, kept, MANIFEST));
        if (!Blobs.isDigest(reference)) store.name(image(repository, reference), kept);
        return new Kept(kept, manifest.subject());
    }

    private static ImageManifest parse(byte[] document) throws RegistryException {
        try {
            return ImageManifest.parse(document);
        } catch (IOException e) {
            throw new RegistryException(Code.MANIFEST_INVALID, String.valueOf(e.getMessage()));
        }
    }

    private void requireParts(String repository, Set<String> tagged, ImageManifest manifest)
            throws IOException, RegistryException {
        var children = new HashSet<>(manifest.children());
        // Many images may be tagged: they are looked through at most once, and mostly not at all.
        var loaded = Optional.<Set<String>>empty();
        for (var part : new LinkedHashSet<>(manifest.parts())) {
            boolean child = children.contains(part);
            boolean here = Files.exists(link(repository, part.digest(), child ? MANIFEST : BLOB));
            if (!here && child) here = tagged.contains(part.digest());
            else if (!here) {
                if (loaded.isEmpty()) loaded = Optional.of(loaded(tagged));
                here = loaded.get().contains(part.digest());
            }
            if (!here || !store.blobs().has(part.digest()))
                throw new RegistryException(Code.MANIFEST_BLOB_UNKNOWN, part.digest() + " is not there");
            if (store.blobs().size(part.digest()) != part.size())
                throw new RegistryException(Code.SIZE_INVALID, part.digest() + " has another size");
        }
    }

    /// Takes a tag away, or a manifest with all its tags.
    boolean removeManifest(String repository, String reference) throws IOException {
        if (!Blobs.isDigest(reference))
            return store.forget(image(repository, reference)).isPresent();
        boolean removed = Files.deleteIfExists(link(repository, reference, MANIFEST));
        for (var tag : tags(repository).entrySet())
            if (tag.getValue().equals(reference))
                removed |= store.forget(image(repository, tag.getKey())).isPresent();
        return removed;
    }

    /// The manifests of a repository, of all kinds.
    Set<String> manifests(String repository) throws IOException {
        var found = new TreeSet<>(tags(repository).values());
        for (var link : links(folder(repository), MANIFEST)) found.add(digest(link));
        found.removeIf(digest -> !store.blobs().has(digest));
        return found;
    }

    private static List<Path> links(Path folder, String kind) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> file.toString().endsWith(kind)).toList();
        }
    }

    private static String digest(Path link) {
        var name = link.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.')).replace('-', ':');
    }

    /// The contents that any repository has.
    Set<String> linked() throws IOException {
        var found = new HashSet<String>();
        for (var folder : folders())
            for (var kind : List.of(MANIFEST, BLOB)) for (var link : links(folder, kind)) found.add(digest(link));
        return found;
    }

    /// Forgets what nobody has used for long.
    ///
    /// @return what is to be kept besides what has a tag
    Set<String> sweep() throws IOException {
        var held = new HashSet<String>();
        for (var folder : folders()) {
            var repository = folder.getFileName().toString().replace(',', '/');
            var kept = kept(repository);
            for (var link : links(folder, MANIFEST)) {
                var digest = digest(link);
                if (kept.contains(digest)
                        || younger(link, UNTAGGED) && store.blobs().has(digest)) held.add(digest);
                else Files.deleteIfExists(link);
            }
            var used = new HashSet<String>();
            for (var manifest : kept) used.addAll(parts(manifest));
            for (var link : links(folder, BLOB)) {
                if (used.contains(digest(link))) continue;
                if (younger(link, UNUSED)) held.add(digest(link));
                else Files.deleteIfExists(link);
            }
            if (links(folder, "").isEmpty()) Files.deleteIfExists(folder);
        }
        return held;
    }

    /// The manifests of a repository that have a tag or are young, what indexes among them name, and what says
    /// something about one of them.
    private Set<String> kept(String repository) throws IOException {
        var left = new ArrayDeque<>(tags(repository).values());
        var about = new HashMap<String, List<String>>();
        for (var link : links(folder(repository), MANIFEST)) {
            var digest = digest(link);
            if (younger(link, UNTAGGED)) left.push(digest);
            read(digest)
                    .map(ImageManifest::subject)
                    .ifPresent(subject -> about.computeIfAbsent(subject, key -> new ArrayList<>())
                            .add(digest));
        }
        var kept = new HashSet<String>();
        while (!left.isEmpty()) {
            var digest = left.pop();
            if (!store.blobs().has(digest) || !kept.add(digest)) continue;
            left.addAll(about.getOrDefault(digest, List.of()));
            read(digest).ifPresent(manifest -> manifest.children().forEach(child -> left.push(child.digest())));
        }
        return kept;
    }

    private boolean younger(Path link, Duration age) throws IOException {
        Instant since = Files.getLastModifiedTime(link).toInstant();
        return since.isAfter(clock.instant().minus(age));
    }
}
