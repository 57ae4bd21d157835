package io.navarch.schema.subresource;

import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Answers a call of a subresource. The caller has been authorized.
public non-sealed interface SubresourceHandler extends Subresource {
    /// @throws io.navarch.objects.ApiException when the call is refused
    Answer serve(Request request, Objects objects) throws InterruptedException;

    /// @param call what is asked for; its name is that of the object in the path
    /// @param body the object that was sent; the handler may change it
    record Request(Admission.Attributes call, Map<String, Object> body, boolean dryRun) {}

    /// @param status the HTTP status of a success
    record Answer(int status, Map<String, Object> object) {
        /// A `Status` that says no more than that something was created.
        public static Answer created() {
            return new Answer(
                    201,
                    Trees.map(
                            "kind", "Status",
                            "apiVersion", "v1",
                            "metadata", Trees.map(),
                            "status", "Success",
                            "code", 201L));
        }
    }

    /// Objects as they are now. Reads are never older than the last acknowledged write.
    interface Objects extends Admission.Lookup {
        /// An object to be changed.
        ///
        /// @throws io.navarch.objects.ApiException 404 when there is none
        Draft edit(ResourceType<?> type, String namespace, String name) throws InterruptedException;

        /// Runs the validating admission of this call.
        void validate(Map<String, Object> body);

        /// The options of a deletion on the caller's behalf: what the body says, completed by the query.
        DeleteOptions deleteOptions(Map<String, Object> body);

        /// Deletes an object, or begins to where that is graceful.
        void delete(ResourceType<?> type, String namespace, String name, DeleteOptions options)
                throws InterruptedException;
    }

    /// A copy of an object that can be changed and written back, unless somebody else has written it meanwhile.
    interface Draft {
        /// The tree to change.
        Map<String, Object> object();

        /// Writes all of the object, with admission and the kind's rules.
        ///
        /// @throws io.navarch.objects.ApiException 409 when the object has been changed since it was read
        Result store();

        /// Writes the object as it is, as the server itself.
        ///
        /// @return false when the object has been changed since it was read
        boolean replace();

        /// Removes the object for good.
        ///
        /// @throws io.navarch.objects.ApiException 409 when the object has been changed since it was read
        Result remove();

        /// An object as it was left.
        interface Result {
            Map<String, Object> object();
        }
    }
}
