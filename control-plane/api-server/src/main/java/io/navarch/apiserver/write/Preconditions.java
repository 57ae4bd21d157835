package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.List;

/// What a sent object must agree on with the request and with the stored object before anything is written.
final class Preconditions {
    private Preconditions() {}

    static void checkName(ResourceRequest request, View object) {
        var wanted = request.info().name();
        checkNamespace(request, object);
        var name = object.name();
        if (name.isEmpty()) {
            throw ApiException.badRequest(
                    "the name of the object (" + wanted + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(wanted)) throw wrongName(name, wanted);
    }

    /// An object may leave its namespace out, and an object of a kind without namespaces may name one: it counts for
    /// nothing.
    static void checkNamespace(ResourceRequest request, View object) {
        var namespace = object.namespace();
        var asked = request.info().namespace();
        if (!namespace.isEmpty()
                && !namespace.equals(asked)
                && request.endpoint().kind().namespaced())
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
    }

    static ApiException wrongName(String name, String wanted) {
        return ApiException.badRequest(
                "the name of the object (" + name + ") does not match the name on the URL (" + wanted + ")");
    }

    /// Optimistic concurrency: the version that the client names must be the current one.
    static void requireVersion(ResourceRequest request, View sent, StoredObject current) {
        var version = sent.resourceVersion();
        if (!version.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ApiException(
                    ApiException.Reason.UNKNOWN, "strconv.ParseUint: parsing \"" + version + "\": invalid syntax");
        }
        boolean any = version.isEmpty() || version.equals("0");
        if (any && request.endpoint().kind().conditional()) throw versionMissing(request);
        if (!any && !version.equals(String.valueOf(current.revision()))) {
            throw StaleObjectException.conflict(request.endpoint().kind(), current.name());
        }
    }

    private static ApiException versionMissing(ResourceRequest request) {
        var kind = request.endpoint().kind();
        var error = FieldError.invalid("metadata.resourceVersion", 0L, "must be specified for an update");
        return ApiException.invalid(kind.group(), kind.plural(), request.info().name(), List.of(error));
    }

    /// An object of the same name that was made anew is another one.
    static void requireUid(ResourceRequest request, View sent, StoredObject current) {
        var uid = sent.uid();
        var live = current.view().uid();
        if (uid.isEmpty() || uid.equals(live)) return;
        var kind = request.endpoint().kind();
        var key = kind.storagePrefix().substring("/registry".length())
                + (kind.namespaced() ? current.namespace() + "/" : "")
                + current.name();
        throw ApiException.conflict(
                kind.plural(),
                kind.group(),
                current.name(),
                "StorageError: invalid object, Code: 4, Key: " + key + ", ResourceVersion: 0, AdditionalErrorMsg: "
                        + mismatch(uid, live));
    }

    private static String mismatch(String uid, String live) {
        return "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + live;
    }

    /// @param live the identity of the current object
    static void requireUid(ResourceRequest request, String uid, StoredObject current, String live) {
        if (uid.isEmpty() || uid.equals(live)) return;
        var kind = request.endpoint().kind();
        throw ApiException.conflict(kind.plural(), kind.group(), current.name(), mismatch(uid, live));
    }

    /// @param version that the current object must have, or `""`
    static void requireVersion(ResourceRequest request, String version, StoredObject current) {
        var live = String.valueOf(current.revision());
        if (version.isEmpty() || version.equals(live)) return;
        var kind = request.endpoint().kind();
        throw ApiException.conflict(
                kind.plural(),
                kind.group(),
                current.name(),
                "Precondition failed: ResourceVersion in precondition: " + version
                        + ", ResourceVersion in object meta: " + live);
    }
}
