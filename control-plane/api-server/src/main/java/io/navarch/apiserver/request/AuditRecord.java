package io.navarch.apiserver.request;

import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.Utf8;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.admission.User;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is to be written down of a call besides what everybody sees of it: what was sent and answered, as far as its
/// level asks for that. Used by the thread that serves the call, and only by that.
public final class AuditRecord {
    /// What is longer is not written down: nobody reads it, and it would be in memory meanwhile.
    private static final int MOST = 4 << 20;

    private static final List<String> NAMES =
            List.of(ObjectMeta.NAME, ObjectMeta.NAMESPACE, ObjectMeta.UID, ObjectMeta.RESOURCE_VERSION);

    private final AuditLevel level;
    private final boolean managedFields;
    private final Runnable started;
    private View sent = View.ABSENT;
    private byte[] requestObject = {};
    private byte[] responseObject = {};
    private Optional<Map<String, Object>> status = Optional.empty();
    private Optional<User> acting = Optional.empty();
    private String constraint = "";
    private boolean truncated;
    private boolean begun;

    /// @param managedFields whether objects are written with them
    /// @param started runs when the answer to a call begins that lasts as long as somebody likes
    public AuditRecord(AuditLevel level, boolean managedFields, Runnable started) {
        this.level = level;
        this.managedFields = managedFields;
        this.started = started;
    }

    public AuditLevel level() {
        return level;
    }

    /// What the call is about, as an object was sent for it.
    public View sent() {
        return sent;
    }

    public byte[] requestObject() {
        return requestObject;
    }

    public byte[] responseObject() {
        return responseObject;
    }

    /// The `Status` that was answered, if it was one.
    public Optional<Map<String, Object>> status() {
        return status;
    }

    /// An object has been sent, and is an object of its kind; it may be changed afterwards.
    public void requested(Map<String, Object> object) {
        sent = View.of(
                Map.of(AnyObject.METADATA, Map.copyOf(names(View.of(object).metadata()))));
        if (level.atLeast(AuditLevel.REQUEST)) requestObject = kept(Json.write(shown(object)));
    }

    private static Map<String, Object> names(View metadata) {
        var names = new HashMap<String, Object>();
        for (var field : NAMES)
            if (metadata.get(field).exists())
                names.put(field, metadata.get(field).string());
        return names;
    }

    /// A patch has been sent: JSON, or YAML that is applied. What is neither, or not strictly so, is written down as
    /// the text that it is: nobody shall get past the log with a key that is there twice.
    public void patched(byte[] sent) {
        if (level.atLeast(AuditLevel.REQUEST)) requestObject = kept(Json.write(read(sent)));
    }

    private static @Nullable Object read(byte[] sent) {
        try {
            return Json.read(sent).tree();
        } catch (Json.MalformedException notJson) {
            try {
                return Yaml.parse(Utf8.strict(sent));
            } catch (Json.MalformedException | CharacterCodingException notYaml) {
                return new String(sent, StandardCharsets.UTF_8);
            }
        }
    }

    /// Whether whoever answers is to tell what.
    public boolean wantsAnswer() {
        return level.atLeast(AuditLevel.REQUEST_RESPONSE);
    }

    public void answered(Map<String, Object> tree) {
        if (View.of(tree).get(AnyObject.KIND).string().equals("Status")) status = Optional.of(tree);
        if (wantsAnswer()) responseObject = kept(Json.write(shown(tree)));
    }

    public void answered(byte[] json) {
        if (!wantsAnswer()) return;
        responseObject = kept(json);
        if (!managedFields && responseObject.length > 0) responseObject = Json.write(shown(Json.parseMap(json)));
    }

    private byte[] kept(byte[] json) {
        if (json.length <= MOST) return json;
        truncated = true;
        return new byte[0];
    }

    /// Whether something is not written down because it is too long.
    public boolean truncated() {
        return truncated;
    }

    private Map<String, Object> shown(Map<String, Object> tree) {
        if (managedFields) return tree;
        var copy = Trees.copy(tree);
        Trees.remove(copy, AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
        for (var item : View.of(copy).get(AnyObject.ITEMS).views())
            Trees.remove(item.map(), AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
        return copy;
    }

    /// The caller acts as somebody else.
    ///
    /// @param verb of the right to do so where that is bound to what is done; `""` where it is not
    public void acting(User user, String verb) {
        acting = Optional.of(user);
        constraint = verb;
    }

    public String constraint() {
        return constraint;
    }

    public Optional<User> acting() {
        return acting;
    }

    /// The answer begins.
    void begin() {
        if (begun) return;
        begun = true;
        started.run();
    }

    /// Whether the answer has begun.
    public boolean begun() {
        return begun;
    }
}
