// Made by `npm run types` from openapi.yaml. Do not edit.
export interface paths {
    "/api/organizations/{organization_id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an organization */
        get: operations["organizations_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/personal_api_keys/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your personal API keys */
        get: operations["personal_api_keys_list"];
        put?: never;
        /**
         * Create a personal API key
         * @description The response's `value` is the key itself. It is not shown again.
         */
        post: operations["personal_api_keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/personal_api_keys/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a personal API key */
        get: operations["personal_api_keys_retrieve"];
        put?: never;
        post?: never;
        /** Revoke a personal API key */
        delete: operations["personal_api_keys_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/personal_api_keys/{id}/roll/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll a personal API key
         * @description Gives the key a new value, shown this once; the old one stops working.
         */
        post: operations["personal_api_keys_roll_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the projects that the key can reach */
        get: operations["projects_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a project */
        get: operations["projects_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/dataset_items/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List items */
        get: operations["dataset_items_list"];
        put?: never;
        /** Create an item */
        post: operations["dataset_items_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/dataset_items/bulk/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store many items
         * @description Stores up to 10,000 items as one revision: all of them or, with partial, all but those that are wrong. Errors name their item: items.3.ref_timestamp. With match_on, items that are there are left alone or updated: what an item gives is changed, the rest stays. The body is JSON, or lines of which each is an item.
         */
        post: operations["dataset_items_bulk_create"];
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change many items
         * @description Makes the same changes to up to 10,000 items, named by their ids or by a filter; {"deleted": true} archives them. An id that is unknown refuses all. What changes nothing makes no version; each dataset that is touched has one new revision.
         */
        patch: operations["dataset_items_bulk_partial_update"];
        trace?: never;
    };
    "/api/projects/{project_id}/dataset_items/erase/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase many items
         * @description Up to 10,000 items, named by their ids or by a filter. The content goes from the item, from all its versions, from kept responses and from copies in forks; ids, versions, revisions and who wrote them when stay. The item is archived for good.
         */
        post: operations["dataset_items_erase_create_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/dataset_items/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an item */
        get: operations["dataset_items_retrieve"];
        /** Replace an item */
        put: operations["dataset_items_update"];
        post?: never;
        /**
         * Refused: items are archived
         * @description Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true
         */
        delete: operations["dataset_items_destroy"];
        options?: never;
        head?: never;
        /** Change an item */
        patch: operations["dataset_items_partial_update"];
        trace?: never;
    };
    "/api/projects/{project_id}/dataset_items/{id}/archive/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive an item
         * @description Soft-deletes an item. Where it is soft-deleted already, nothing is written.
         */
        post: operations["dataset_items_archive_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/dataset_items/{id}/erase/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase an item
         * @description The content goes from the item, from all its versions, from kept responses and from copies in forks; ids, versions, revisions and who wrote them when stay. The item is archived for good. An item that is erased already is left as it is.
         */
        post: operations["dataset_items_erase_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/dataset_items/{id}/restore/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore an item
         * @description Takes back the soft deletion of an item; with source_version also brings that version's content back, as a new version. Where nothing would change, nothing is written.
         */
        post: operations["dataset_items_restore_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/dataset_items/{id}/versions/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of an item
         * @description All versions of an item, newest first; also of a deleted one.
         */
        get: operations["dataset_items_versions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List datasets */
        get: operations["datasets_list"];
        put?: never;
        /** Create a dataset */
        post: operations["datasets_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a dataset */
        get: operations["datasets_retrieve"];
        /** Replace a dataset */
        put: operations["datasets_update"];
        post?: never;
        /**
         * Refused: datasets are archived
         * @description Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true
         */
        delete: operations["datasets_destroy"];
        options?: never;
        head?: never;
        /** Change a dataset */
        patch: operations["datasets_partial_update"];
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/changes/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the changes of a dataset
         * @description All that was changed in a dataset and its items, oldest first. A client that reads to the end and goes on later from next_since_revision misses nothing and sees nothing twice, whoever writes meanwhile.
         */
        get: operations["datasets_changes_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/diff/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare two revisions of a dataset
         * @description How the list of a dataset's items differs between two of its revisions.
         */
        get: operations["datasets_diff_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/duplicates/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the duplicates in a dataset
         * @description Groups of items that are equal in some of their fields, the largest group first. JSON is equal however it is spelled; items that have none of the fields are not duplicates of each other.
         */
        get: operations["datasets_duplicates_list"];
        put?: never;
        /**
         * Archive the duplicates in a dataset
         * @description Archives all but the oldest item of each group, as one revision. Where nothing is equal, nothing is written.
         */
        post: operations["datasets_duplicates_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/erase/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase a dataset
         * @description Deletes a dataset with all its items, their history, tags, schemas and kept responses, for good. Its exact name confirms it.
         */
        post: operations["datasets_erase_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/export/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a dataset
         * @description The items of one revision as a file, oldest first: id, the six fields of content, created_at, updated_at; all of them, or those that match. It is sent while it is read; writers at work change nothing of it.
         */
        get: operations["datasets_export_retrieve"];
        put?: never;
        /**
         * Export the items that match a filter
         * @description The items of one revision as a file, oldest first: id, the six fields of content, created_at, updated_at; all of them, or those that match. It is sent while it is read; writers at work change nothing of it. Like GET, for conditions that are too long for an address; it writes nothing.
         */
        post: operations["datasets_export_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/fork/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fork a dataset
         * @description A new dataset that holds the items as they are, or as they were at a revision: all of them, or those that match. They have new ids, and each item's versions name what it was copied from.
         */
        post: operations["datasets_fork_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/import/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a file
         * @description Makes an item of each row of a file: JSON Lines, a JSON array, CSV, an Excel workbook or Parquet, also packed with gzip or Zstandard, of any length. All or nothing, in one revision. The body is the file, under any media type, or a form with one file, whose other fields are parameters like those of the query. A client that accepts application/x-ndjson is answered line by line while the file is read: lines with `progress`, and at last one with `status` and `body`.
         */
        post: operations["datasets_import_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/revisions/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the revisions of a dataset
         * @description All revisions of a dataset, newest first, with how many items each of them wrote.
         */
        get: operations["datasets_revisions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/rollback/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the items back to a revision
         * @description Makes the dataset's items what they were at a revision, as one new revision: items created since are archived, archived ones restored, changed ones changed back. Where nothing differs, nothing is written. An item that was erased (erased) or moved to another dataset since (items_moved) refuses all.
         */
        post: operations["datasets_rollback_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/schemas/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the schemas of a dataset
         * @description The JSON Schemas that the dataset's items must fit; null for a field that may hold anything.
         */
        get: operations["datasets_schemas_retrieve"];
        /**
         * Replace the schemas of a dataset
         * @description Puts all three schemas; a field without one may hold anything. Drafts 4, 6, 7, 2019-09 and 2020-12, the last one unless $schema says otherwise. Refused where items that are there do not fit, unless enforce is new.
         */
        put: operations["datasets_schemas_update"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/stats/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show statistics of a dataset
         * @description How many items there are, how large, and which types and keys their fields have.
         */
        get: operations["datasets_stats_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/tags/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tags of a dataset
         * @description All tags of a dataset, by name.
         */
        get: operations["datasets_tags_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/datasets/{id}/tags/{name}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a tag
         * @description Which revision a tag names, and who made it when.
         */
        get: operations["datasets_tags_retrieve"];
        /**
         * Tag a revision
         * @description Names a revision. A tag that names another one is moved with If-Match, or with force.
         */
        put: operations["datasets_tags_update"];
        post?: never;
        /**
         * Remove a tag
         * @description Removes a tag; the revision stays.
         */
        delete: operations["datasets_tags_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{project_id}/erasures/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List erasures
         * @description What was erased in the project, when, by whom and why, newest first. It never has content.
         */
        get: operations["erasures_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/@me/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the user whose key is used */
        get: operations["users_me_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ArchiveRequest: {
            /**
             * Format: int64
             * @description The version that the item must be at, as with If-Match; otherwise 412.
             */
            base_version?: number | null;
        };
        ArchivedDuplicates: {
            dataset_revision: number;
            /** @description How many there were. */
            groups: number;
            /** @description Items, at most 100,000. */
            archived: number;
            /** @description Items that are left for another request. */
            remaining: number;
        };
        AuthorStats: {
            created_by: components["schemas"]["UserBasic"] | null;
            count: number;
        };
        /** @enum {unknown} */
        BlankEnum: "";
        BulkCreateRequest: {
            /** Format: uuid */
            dataset: string;
            on_conflict?: components["schemas"]["OnConflictEnum"];
            /** @description At most 10,000. */
            items: components["schemas"]["BulkItem"][];
        };
        BulkItem: {
            /**
             * Format: uuid
             * @description In a request that stores items: may be repeated. In changes: where the items go.
             */
            dataset?: string;
            input?: unknown;
            output?: unknown;
            metadata?: unknown;
            ref_trace_id?: string | null;
            /** Format: date-time */
            ref_timestamp?: string | null;
            ref_source_id?: string | null;
            deleted?: boolean | null;
        };
        BulkOutcome: {
            /** @description The dataset's revision that holds all of it; the present one where nothing was written. */
            dataset_revision: number;
            created: number;
            updated: number;
            unchanged: number;
            skipped: number;
            errors: number;
            /** @description In the order of the request. */
            results: components["schemas"]["BulkResult"][];
        };
        BulkResult: {
            /** @description Of the item in the request, from 0. */
            index: number;
            /**
             * Format: uuid
             * @description The item's; null for an error.
             */
            id: string | null;
            status: components["schemas"]["StatusEnum"];
            /** @description Only with the status error. */
            error?: components["schemas"]["Error"];
        };
        BulkUpdateOutcome: {
            /** @description Of the dataset to which items are moved, or in which all of them are; null where there are several. */
            dataset_revision: number | null;
            created: number;
            updated: number;
            unchanged: number;
            skipped: number;
            errors: number;
            /** @description In the order of the request. */
            results: components["schemas"]["BulkResult"][];
            /** @description The revision of each dataset, by its id. */
            dataset_revisions: {
                [key: string]: number;
            };
        };
        /**
         * @description * `added` - in the list of `to` alone
         *     * `removed` - in the list of `from` alone
         *     * `changed` - in both, with other content
         * @enum {string}
         */
        ChangeEnum: "added" | "removed" | "changed";
        ColumnTarget: {
            /** @description As the file calls it. */
            column: string;
            /** @description A field, or the name that the mapping has for it. */
            target: string;
        };
        Dataset: {
            /** Format: uuid */
            readonly id: string;
            name: string;
            description?: string | null;
            metadata?: unknown;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly updated_at: string | null;
            deleted?: boolean | null;
            readonly created_by: components["schemas"]["UserBasic"] | null;
            readonly team: number;
        };
        DatasetItem: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            dataset: string;
            input?: unknown;
            output?: unknown;
            metadata?: unknown;
            ref_trace_id?: string | null;
            /** Format: date-time */
            ref_timestamp?: string | null;
            ref_source_id?: string | null;
            deleted?: boolean | null;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly updated_at: string | null;
            readonly created_by: components["schemas"]["UserBasic"] | null;
            readonly team: number;
        };
        DatasetItemRequest: {
            /** Format: uuid */
            dataset: string;
            input?: unknown;
            output?: unknown;
            metadata?: unknown;
            ref_trace_id?: string | null;
            /** Format: date-time */
            ref_timestamp?: string | null;
            ref_source_id?: string | null;
            deleted?: boolean | null;
        };
        DatasetRequest: {
            name: string;
            description?: string | null;
            metadata?: unknown;
            deleted?: boolean | null;
        };
        DatasetTag: {
            name: string;
            revision: number;
        };
        Diff: {
            /** @description The revision's number. */
            from: number;
            /** @description The revision's number. */
            to: number;
            counts: components["schemas"]["DiffCounts"];
            count: number;
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["ItemDifference"][];
        };
        DiffCounts: {
            added: number;
            removed: number;
            changed: number;
        };
        DuplicateGroup: {
            count: number;
            /**
             * Format: uuid
             * @description The first of the ids.
             */
            oldest: string;
            /** @description Oldest first, at most a hundred. */
            ids: string[];
        };
        /**
         * @description * `all` - every item fits: those that are there, and whatever is written
         *     * `new` - what is written from now on fits
         * @enum {string}
         */
        EnforceEnum: "all" | "new";
        EraseDatasetRequest: {
            /** @description Kept with the erasure. */
            reason?: string;
            /**
             * @description Whether the copies that forks made are erased too.
             * @default true
             */
            copies: boolean;
            /** @description The dataset's exact name. */
            name: string;
        };
        EraseItemsRequest: {
            /** @description Kept with the erasure. */
            reason?: string;
            /**
             * @description Whether the copies that forks made are erased too.
             * @default true
             */
            copies: boolean;
            /** @description The items, archived or not. Either these or filter must be given. */
            ids?: string[];
            /** @description The items that the list with these parameters shows, at most 10,000 of them; dataset must be among them, and none may be empty or unknown. */
            filter?: {
                [key: string]: unknown;
            };
        };
        EraseRequest: {
            /** @description Kept with the erasure. */
            reason?: string;
            /**
             * @description Whether the copies that forks made are erased too.
             * @default true
             */
            copies: boolean;
        };
        ErasedDataset: {
            /** Format: uuid */
            dataset: string;
            items: number;
            versions: number;
            copies: components["schemas"]["ErasedItem"][];
        };
        ErasedItem: {
            /** Format: uuid */
            dataset: string;
            /** Format: uuid */
            id: string;
            /** @description How many versions lost their content. */
            versions: number;
            /** @description The dataset's revision that says so. */
            revision: number;
        };
        ErasedItems: {
            /** @description Those that were asked for, then their copies; without those that were erased already. */
            erased: components["schemas"]["ErasedItem"][];
        };
        Erasure: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            dataset: string;
            /** Format: uuid */
            item: string | null;
            revision: number | null;
            /** @description How many versions lost their content. */
            versions: number;
            reason: string;
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["UserBasic"] | null;
        };
        Error: {
            type: components["schemas"]["ErrorTypeEnum"];
            /** @description What went wrong, for programs. */
            code: string;
            /** @description What went wrong, for people. */
            detail: string;
            /** @description The field or parameter whose value is wrong. */
            attr: string | null;
        };
        /**
         * @description * `authentication_error` - no valid key, or one that may not do this
         *     * `invalid_request` - the request as a whole: its path, method, media type or syntax
         *     * `validation_error` - a value in it
         *     * `throttled_error` - too many requests
         *     * `server_error` - not the request, but the service
         * @enum {string}
         */
        ErrorTypeEnum: "authentication_error" | "invalid_request" | "validation_error" | "throttled_error" | "server_error";
        Export: {
            /** @description The conditions of the list of items: their names, and their values. */
            filter?: {
                [key: string]: unknown;
            } | null;
        };
        Feed: {
            /**
             * Format: uri
             * @description The next page, while there is one.
             */
            next: string | null;
            /** @description Null until next is: where to go on later, as since_revision. */
            next_since_revision: number | null;
            /** @description Oldest first. */
            results: components["schemas"]["FeedEntry"][];
        };
        FeedEntry: {
            revision: number;
            operation: components["schemas"]["OperationEnum"];
            /** @description The item's; null for the dataset itself. */
            version: number | null;
            /** @description The item as it was at that version; its id alone once moved out; null for the dataset itself. */
            item: (components["schemas"]["DatasetItem"] | components["schemas"]["MovedOutItem"]) | null;
            /** @description The revision's, as Revision-Message gave it. */
            message: string | null;
        };
        FieldStats: {
            /** @description Items where it is not null. */
            present: number;
            bytes: components["schemas"]["SizeStats"];
            types: {
                [key: string]: number;
            };
            /** @description Of objects at the top: the hundred most frequent, then by name. */
            keys: components["schemas"]["KeyStats"][];
        };
        /**
         * @description * `input` - input
         *     * `output` - output
         *     * `metadata` - metadata
         *     * `ref_trace_id` - ref_trace_id
         *     * `ref_timestamp` - ref_timestamp
         *     * `ref_source_id` - ref_source_id
         * @enum {string}
         */
        FieldsEnum: "input" | "output" | "metadata" | "ref_trace_id" | "ref_timestamp" | "ref_source_id";
        ForkRequest: {
            name: string;
            revision?: (number | string) | null;
            /** @description The conditions of the list of items: their names, and their values. */
            filter?: {
                [key: string]: unknown;
            } | null;
        };
        ImportError: {
            /** @description From 1 on; a head that names the columns is not counted. */
            row: number;
            /** @description Where the row begins in the file, as an editor counts; null for Parquet. */
            line: number | null;
            /** @description The column; null where the row as a whole is wrong. */
            attr: string | null;
            /** @description What went wrong, for programs. */
            code: string;
            /** @description What went wrong, for people. */
            detail: string;
        };
        ImportRejected: {
            type: components["schemas"]["ErrorTypeEnum"];
            /** @description What went wrong, for programs. */
            code: string;
            /** @description What went wrong, for people. */
            detail: string;
            /** @description The field or parameter whose value is wrong. */
            attr: string | null;
            /** @description Absent where no row could be read. */
            errors?: components["schemas"]["ImportError"][];
            /** @description With the code ignored_columns. */
            ignored_columns?: string[];
            /** @description With the code ignored_columns. */
            hints?: components["schemas"]["ColumnTarget"][];
        };
        ImportResult: {
            dry_run: boolean;
            /** @description How many were read. */
            rows: number;
            /** @description How many items were made. */
            created: number;
            /** @description With match_on: how many items were changed. */
            updated: number;
            /** @description With match_on: how many items were as the file has them. */
            unchanged: number;
            /** @description With on_conflict=skip: how many items were left alone. */
            skipped: number;
            /** @description With mirror: how many items the file lacks. */
            archived: number;
            /** @description Of a dry run: the first 100, where reading ends. */
            errors: components["schemas"]["ImportError"][];
            /** @description Of a dry run: the first rows, as they would be stored. */
            preview: components["schemas"]["ImportedItem"][];
            dataset_revision: number;
            /** @description Columns that were not read. With strict=true they are refused. */
            ignored_columns: string[];
            /** @description Ignored columns that look as if they were meant for a field that no column reached. */
            hints: components["schemas"]["ColumnTarget"][];
            /** @description Columns that were taken though their names differ in case, spaces or underscores. */
            matched_columns: components["schemas"]["ColumnTarget"][];
        };
        ImportedItem: {
            input?: unknown;
            output?: unknown;
            metadata?: unknown;
            ref_trace_id?: string | null;
            /** Format: date-time */
            ref_timestamp?: string | null;
            ref_source_id?: string | null;
        };
        ItemCounts: {
            live: number;
            archived: number;
        };
        ItemDifference: {
            /** Format: uuid */
            id: string;
            change: components["schemas"]["ChangeEnum"];
            /** @description Which fields differ; empty unless changed. */
            fields: components["schemas"]["FieldsEnum"][];
            /** @description The item then; null where the list lacked it. */
            from: components["schemas"]["DatasetItem"] | null;
            /** @description The item then; null where the list lacked it. */
            to: components["schemas"]["DatasetItem"] | null;
        };
        ItemOrigin: {
            /** Format: uuid */
            dataset: string;
            revision: number;
            /** Format: uuid */
            item: string;
            version: number;
        };
        ItemVersion: {
            version: number;
            dataset_revision: number;
            /** Format: uuid */
            dataset: string;
            readonly input: unknown;
            readonly output: unknown;
            readonly metadata: unknown;
            ref_trace_id: string | null;
            /** Format: date-time */
            ref_timestamp: string | null;
            ref_source_id: string | null;
            deleted: boolean | null;
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["UserBasic"] | null;
            /** @description What an item of a fork was copied from; other items' versions lack this member. */
            origin?: components["schemas"]["ItemOrigin"];
        };
        ItemViolation: {
            /** Format: uuid */
            id: string;
            /** @description The place in the item. */
            attr: string;
            detail: string;
        };
        KeyStats: {
            key: string;
            /** @description Items whose object has it. */
            count: number;
            types: {
                [key: string]: number;
            };
        };
        MovedOutItem: {
            /** Format: uuid */
            id: string;
        };
        NewPersonalAPIKey: {
            label: string;
            scopes: string[];
            scoped_teams?: number[] | null;
            scoped_organizations?: string[] | null;
        };
        /** @enum {unknown} */
        NullEnum: null;
        /**
         * @description * `error` - error
         *     * `skip` - skip
         *     * `update` - update
         * @enum {string}
         */
        OnConflictEnum: "error" | "skip" | "update";
        /**
         * @description * `created` - the item was made
         *     * `updated` - some of its fields were changed
         *     * `archived` - it was soft-deleted
         *     * `restored` - it is back
         *     * `moved_in` - it came from another dataset
         *     * `moved_out` - it went to another dataset
         *     * `erased` - its content was erased from every version
         * @enum {string}
         */
        OperationEnum: "created" | "updated" | "archived" | "restored" | "moved_in" | "moved_out" | "erased";
        Organization: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly slug: string;
            /** Format: date-time */
            readonly created_at: string;
            /** @description 1 is a member, 8 an admin, 15 an owner. */
            readonly membership_level: number;
            readonly teams: components["schemas"]["Project"][];
        };
        PaginatedDatasetItemList: {
            /** @example 123 */
            count: number;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=400&limit=100
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=200&limit=100
             */
            previous?: string | null;
            results: components["schemas"]["DatasetItem"][];
        };
        PaginatedDatasetList: {
            /** @example 123 */
            count: number;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=400&limit=100
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=200&limit=100
             */
            previous?: string | null;
            results: components["schemas"]["Dataset"][];
        };
        PaginatedDuplicateGroupList: {
            /** @example 123 */
            count: number;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=400&limit=100
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=200&limit=100
             */
            previous?: string | null;
            results: components["schemas"]["DuplicateGroup"][];
        };
        PaginatedErasureList: {
            /** @example 123 */
            count: number;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=400&limit=100
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=200&limit=100
             */
            previous?: string | null;
            results: components["schemas"]["Erasure"][];
        };
        PaginatedItemVersionList: {
            /** @example 123 */
            count: number;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=400&limit=100
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=200&limit=100
             */
            previous?: string | null;
            results: components["schemas"]["ItemVersion"][];
        };
        PaginatedProjectList: {
            /** @example 123 */
            count: number;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=400&limit=100
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=200&limit=100
             */
            previous?: string | null;
            results: components["schemas"]["Project"][];
        };
        PaginatedRevisionList: {
            /** @example 123 */
            count: number;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=400&limit=100
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=200&limit=100
             */
            previous?: string | null;
            results: components["schemas"]["Revision"][];
        };
        PaginatedTagDetailList: {
            /** @example 123 */
            count: number;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=400&limit=100
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?offset=200&limit=100
             */
            previous?: string | null;
            results: components["schemas"]["TagDetail"][];
        };
        PatchedBulkUpdateRequest: {
            /** @description The items, deleted or not. Either these or filter must be given. */
            ids?: string[];
            /** @description The items that the list with these parameters shows, at most 10,000 of them; dataset must be among them, and none may be empty or unknown. */
            filter?: {
                [key: string]: unknown;
            };
            /** @description Every item gets these values; the others stay. */
            changes?: components["schemas"]["BulkItem"];
        };
        PatchedDataset: {
            name?: string;
            description?: string | null;
            metadata?: unknown;
            deleted?: boolean | null;
        };
        PatchedDatasetItem: {
            /** Format: uuid */
            dataset?: string;
            input?: unknown;
            output?: unknown;
            metadata?: unknown;
            ref_trace_id?: string | null;
            /** Format: date-time */
            ref_timestamp?: string | null;
            ref_source_id?: string | null;
            deleted?: boolean | null;
        };
        PersonalAPIKey: {
            readonly id: string;
            readonly label: string;
            readonly value: string | null;
            readonly mask_value: string;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly last_used_at: string | null;
            /** Format: date-time */
            readonly last_rolled_at: string | null;
            readonly user_id: number;
            readonly scopes: string[] | null;
            readonly scoped_teams: number[] | null;
            readonly scoped_organizations: string[] | null;
        };
        Project: {
            readonly id: number;
            /** Format: uuid */
            readonly uuid: string;
            /** Format: uuid */
            readonly organization: string;
            readonly name: string;
            readonly api_token: string;
            readonly timezone: string;
            /** Format: date-time */
            readonly created_at: string;
        };
        RefStats: {
            ref_trace_id: number;
            ref_timestamp: number;
            ref_source_id: number;
        };
        RestoreRequest: {
            /**
             * Format: int64
             * @description The version that the item must be at, as with If-Match; otherwise 412.
             */
            base_version?: number | null;
            /**
             * Format: int64
             * @description A version whose content comes back, as a new version.
             */
            source_version?: number | null;
        };
        Revision: {
            revision: number;
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["UserBasic"] | null;
            created: number;
            updated: number;
            archived: number;
            restored: number;
            /** @description As Revision-Message gave it. */
            message: string | null;
            tags: string[];
        };
        /**
         * @description * `engineering` - Engineering
         *     * `data` - Data
         *     * `product` - Product Management
         *     * `founder` - Founder
         *     * `leadership` - Leadership
         *     * `marketing` - Marketing
         *     * `sales` - Sales / Success
         *     * `other` - Other
         * @enum {string}
         */
        RoleAtOrganizationEnum: "engineering" | "data" | "product" | "founder" | "leadership" | "marketing" | "sales" | "other";
        RollbackRequest: {
            /** @description The revision to go back to, as a number or a tag. */
            revision: (number | string) | null;
        };
        RollbackResult: {
            /** @description The revision whose items came back. */
            revision: number;
            /** @description The dataset's revision that holds all of it; the present one where nothing differed. */
            dataset_revision: number;
            updated: number;
            archived: number;
            restored: number;
        };
        SchemaError: {
            type: components["schemas"]["ErrorTypeEnum"];
            /** @description What went wrong, for programs. */
            code: string;
            /** @description What went wrong, for people. */
            detail: string;
            /** @description The field or parameter whose value is wrong. */
            attr: string | null;
            /** @description With schema_mismatch: the first hundred items that do not fit. */
            violations?: components["schemas"]["ItemViolation"][];
        };
        Schemas: {
            /** @description A JSON Schema: an object, true or false. Null: any value. */
            input?: unknown;
            /** @description A JSON Schema: an object, true or false. Null: any value. */
            output?: unknown;
            /** @description A JSON Schema: an object, true or false. Null: any value. */
            metadata?: unknown;
            /** @default all */
            enforce: components["schemas"]["EnforceEnum"];
            /** @description 0 where the dataset never had schemas. */
            readonly version: number;
            /** Format: date-time */
            readonly created_at: string | null;
            readonly created_by: components["schemas"]["UserBasic"] | null;
        };
        SizeStats: {
            total: number;
            median: number | null;
            p95: number | null;
            largest: number | null;
        };
        StaleVersionError: {
            type: components["schemas"]["ErrorTypeEnum"];
            /** @description What went wrong, for programs. */
            code: string;
            /** @description What went wrong, for people. */
            detail: string;
            /** @description The field or parameter whose value is wrong. */
            attr: string | null;
            /** @description The present version, as the answer's ETag names it. */
            current_version: number;
        };
        Stats: {
            dataset_revision: number;
            items: components["schemas"]["ItemCounts"];
            /** Format: date-time */
            first_created_at: string | null;
            /** Format: date-time */
            last_created_at: string | null;
            /** @description Of the three fields of all live items. */
            bytes: number;
            fields: components["schemas"]["StatsFields"];
            /** @description Live items that have each reference. */
            present: components["schemas"]["RefStats"];
            /** @description Of live items; the hundred with the most. */
            authors: components["schemas"]["AuthorStats"][];
            /** @description Types and keys are those of so many items, the newest. */
            sampled_items: number;
        };
        StatsFields: {
            input: components["schemas"]["FieldStats"];
            output: components["schemas"]["FieldStats"];
            metadata: components["schemas"]["FieldStats"];
        };
        /**
         * @description * `created` - a new item
         *     * `updated` - a new version of an item
         *     * `unchanged` - nothing differed
         *     * `skipped` - an item with this ref_source_id is there, and is left alone
         *     * `error` - nothing was stored; only in partial requests
         * @enum {string}
         */
        StatusEnum: "created" | "updated" | "unchanged" | "skipped" | "error";
        TagDetail: {
            name: string;
            revision: number;
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["UserBasic"] | null;
        };
        TagRequest: {
            /** Format: int64 */
            revision: number;
            force?: boolean;
        };
        User: {
            readonly id: number;
            /** Format: uuid */
            readonly uuid: string;
            readonly distinct_id: string | null;
            readonly first_name: string;
            readonly last_name: string;
            /** Format: email */
            readonly email: string;
            readonly is_email_verified: boolean | null;
            readonly role_at_organization: (components["schemas"]["RoleAtOrganizationEnum"] | components["schemas"]["NullEnum"]) | null;
            readonly hedgehog_config: unknown;
            /** Format: date-time */
            readonly date_joined: string;
            readonly team: components["schemas"]["Project"] | null;
            readonly organization: components["schemas"]["Organization"] | null;
            readonly organizations: components["schemas"]["Organization"][];
        };
        UserBasic: {
            readonly id: number;
            /** Format: uuid */
            readonly uuid: string;
            distinct_id?: string | null;
            first_name?: string;
            last_name?: string;
            /**
             * Email address
             * Format: email
             */
            email: string;
            is_email_verified?: boolean | null;
            readonly hedgehog_config: {
                [key: string]: unknown;
            } | null;
            role_at_organization?: (components["schemas"]["RoleAtOrganizationEnum"] | components["schemas"]["BlankEnum"] | components["schemas"]["NullEnum"]) | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    organizations_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Organization ID, or @current. */
                organization_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    personal_api_keys_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalAPIKey"][];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    personal_api_keys_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPersonalAPIKey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalAPIKey"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    personal_api_keys_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique value identifying this personal api key. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalAPIKey"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    personal_api_keys_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique value identifying this personal api key. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    personal_api_keys_roll_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique value identifying this personal api key. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalAPIKey"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    projects_list: {
        parameters: {
            query?: {
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedProjectList"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    projects_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_list: {
        parameters: {
            query?: {
                /**
                 * @description Filter by dataset ID
                 * @example 695401fa-6f0e-4389-b186-c45a7f1273d3
                 */
                dataset?: string;
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
                /** @description With dataset: the list as it was at this revision, given as a number, a tag or latest. */
                revision?: string;
                /** @description With dataset: the list as it was at this time. */
                as_of?: string;
                /** @description Items with this text, in any case, in a key, text or number of input, output or metadata, or in ref_trace_id or ref_source_id. */
                search?: string;
                /** @description A JSON value that metadata contains, as PostgreSQL's jsonb containment has it. For one value there is also metadata__<path>=value, with dots between keys: metadata__model.name=small. A path may end in an operator: __ne, __in, __gt, __gte, __lt, __lte, __exists, __icontains. input__ and output__ take paths and operators too. */
                metadata__contains?: string;
                /** @description A JSON value that input contains. */
                input__contains?: string;
                /** @description A JSON value that output contains. */
                output__contains?: string;
                /** @description Items of this trace, exactly. */
                ref_trace_id?: string;
                /** @description Items of this source, exactly. */
                ref_source_id?: string;
                /** @description Items created at or after this time. */
                created_at__gte?: string;
                /** @description Items created after this time. */
                created_at__gt?: string;
                /** @description Items created at or before this time. */
                created_at__lte?: string;
                /** @description Items created before this time. */
                created_at__lt?: string;
                /** @description Items last written at or after this time. */
                updated_at__gte?: string;
                /** @description Items last written after this time. */
                updated_at__gt?: string;
                /** @description Items last written at or before this time. */
                updated_at__lte?: string;
                /** @description Items last written before this time. */
                updated_at__lt?: string;
                /** @description Items created by this user, given by id or uuid. */
                created_by?: string;
                /** @description Items with these IDs, separated by commas. */
                id__in?: string;
                /** @description Which items: those not deleted, the deleted ones alone (true), or all. */
                deleted?: "false" | "true" | "all";
                /** @description So many of the items that are found, chosen by a hash of id and seed: the same ones for the same revision and seed, on each page and in each export. count is the sample's. */
                sample?: number;
                /** @description Which sample: 0 unless given. */
                seed?: number;
                /** @description The order of the list; a minus is newest first. */
                order_by?: "created_at" | "-created_at" | "updated_at" | "-updated_at";
                /** @description The keys that each item has in the answer, separated by commas; others are not read at all. A client generated from this file may want them all. */
                fields?: string;
                /** @description Asked for empty, next and previous carry cursors: pages that cost the same at any depth, and in which no item is missed or met twice while others write. Not to be made by clients. */
                cursor?: string;
                /** @description Whether a parameter or body member that is not known is refused (400), not ignored. */
                strict?: boolean;
            };
            header?: {
                /** @description ETags, or *: where the present one is among them, the answer is a 304 without a body. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedDatasetItemList"];
                };
            };
            /** @description What the client has is what there is. */
            304: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DatasetItemRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetItem"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_bulk_create: {
        parameters: {
            query?: {
                /** @description The ID of the dataset, where the body is lines. */
                dataset?: string;
                /** @description Items with an id, or a ref_source_id, are looked for among the live items of the dataset; see on_conflict. */
                match_on?: "id" | "ref_source_id";
                /** @description With match_on: what becomes of an item that is there. Without it, error. */
                on_conflict?: "error" | "skip" | "update";
                /** @description Answers as without it, and stores nothing. */
                dry_run?: boolean;
                /** @description Whether items that are wrong are told in the results, and the others stored. */
                partial?: boolean;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["BulkCreateRequest"];
                "application/x-ndjson": string;
                "application/jsonl": string;
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkOutcome"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An item with this key is there (conflict). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_bulk_partial_update: {
        parameters: {
            query?: {
                /** @description Whether to answer as the request would be answered, and store nothing. */
                dry_run?: boolean;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchedBulkUpdateRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkUpdateOutcome"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchemaError"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_erase_create_many: {
        parameters: {
            query?: {
                /** @description Whether to answer as the request would be answered, and store nothing. */
                dry_run?: boolean;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EraseItemsRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedItems"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_retrieve: {
        parameters: {
            query?: {
                /** @description The item as it was at this version, deleted since or not. */
                version?: number;
                /** @description The item as it was at this revision (number or tag) of its dataset, or of that given as dataset. */
                revision?: string;
                /** @description The item as it was at this time. */
                as_of?: string;
                /** @description The ID of a dataset in which the item is looked for. */
                dataset?: string;
            };
            header?: {
                /** @description ETags, or *: where the present one is among them, the answer is a 304 without a body. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset item. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetItem"];
                };
            };
            /** @description What the client has is what there is. */
            304: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_update: {
        parameters: {
            query?: {
                /** @description The ID of a dataset in which the item is looked for. */
                dataset?: string;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description ETags, or *: where the present one is not among them, nothing is written and the answer is a 412. */
                "If-Match"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset item. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DatasetItemRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetItem"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description If-Match names another version. */
            412: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleVersionError"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset item. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No response body */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_partial_update: {
        parameters: {
            query?: {
                /** @description The ID of a dataset in which the item is looked for. */
                dataset?: string;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description ETags, or *: where the present one is not among them, nothing is written and the answer is a 412. */
                "If-Match"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset item. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchedDatasetItem"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetItem"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description If-Match names another version. */
            412: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleVersionError"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_archive_create: {
        parameters: {
            query?: {
                /** @description The ID of a dataset in which the item is looked for. */
                dataset?: string;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description ETags, or *: where the present one is not among them, nothing is written and the answer is a 412. */
                "If-Match"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset item. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ArchiveRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetItem"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description If-Match names another version. */
            412: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleVersionError"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_erase_create: {
        parameters: {
            query?: {
                /** @description Whether to answer as the request would be answered, and store nothing. */
                dry_run?: boolean;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset item. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EraseRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedItems"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_restore_create: {
        parameters: {
            query?: {
                /** @description The ID of a dataset in which the item is looked for. */
                dataset?: string;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description ETags, or *: where the present one is not among them, nothing is written and the answer is a 412. */
                "If-Match"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset item. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RestoreRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetItem"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description If-Match names another version. */
            412: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleVersionError"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dataset_items_versions_list: {
        parameters: {
            query?: {
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset item. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedItemVersionList"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_list: {
        parameters: {
            query?: {
                /** @description Multiple values may be separated by commas. */
                id__in?: string[];
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
                /**
                 * @description Ordering
                 *
                 *     * `created_at` - Created at
                 *     * `-created_at` - Created at (descending)
                 *     * `updated_at` - Updated at
                 *     * `-updated_at` - Updated at (descending)
                 */
                order_by?: ("created_at" | "-created_at" | "updated_at" | "-updated_at")[];
                /** @description Search in name, description, or metadata */
                search?: string;
                /** @description Datasets of exactly this name. */
                name?: string;
                /** @description Which datasets: those not deleted, the deleted ones alone (true), or all. */
                deleted?: "false" | "true" | "all";
                /** @description The keys that each dataset has in the answer, separated by commas. Besides the usual ones there are item_count, revision and updated_revision_at. */
                fields?: string;
                /** @description Whether a parameter or body member that is not known is refused (400), not ignored. */
                strict?: boolean;
            };
            header?: never;
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedDatasetList"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DatasetRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_retrieve: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags, or *: where the present one is among them, the answer is a 304 without a body. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description What the client has is what there is. */
            304: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description ETags, or *: where the present one is not among them, nothing is written and the answer is a 412. */
                "If-Match"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DatasetRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description If-Match names another version. */
            412: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleVersionError"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No response body */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_partial_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description ETags, or *: where the present one is not among them, nothing is written and the answer is a 412. */
                "If-Match"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchedDataset"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description If-Match names another version. */
            412: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleVersionError"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_changes_retrieve: {
        parameters: {
            query?: {
                /** @description Changes after this revision; 0 is the start. Where next is null, go on from next_since_revision. */
                since_revision?: number;
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description Part of the links in next, which may stand inside a revision. Not to be made by clients. */
                after_position?: number;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Feed"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_diff_retrieve: {
        parameters: {
            query: {
                /** @description The revision to compare from, as a number, a tag or latest. */
                from: string;
                /** @description The revision to compare to, as a number, a tag or latest. */
                to: string;
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Diff"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_duplicates_list: {
        parameters: {
            query: {
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
                /** @description The fields in which items are equal, with commas between: input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id. */
                on: string;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedDuplicateGroupList"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_duplicates_create: {
        parameters: {
            query: {
                /** @description The fields in which items are equal, with commas between: input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id. */
                on: string;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArchivedDuplicates"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_erase_create: {
        parameters: {
            query?: {
                /** @description Whether to answer as the request would be answered, and store nothing. */
                dry_run?: boolean;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseDatasetRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedDataset"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An item has history in another dataset (items_moved). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_export_retrieve: {
        parameters: {
            query?: {
                /** @description The form of the file. */
                export_format?: "csv" | "jsonl" | "parquet";
                /** @description A number, a tag or latest. Without it, the present revision at the start. */
                revision?: string;
                /** @description The revision of this time. */
                as_of?: string;
                /** @description Items with this text, in any case, in a key, text or number of input, output or metadata, or in ref_trace_id or ref_source_id. */
                search?: string;
                /** @description A JSON value that metadata contains, as PostgreSQL's jsonb containment has it. For one value there is also metadata__<path>=value, with dots between keys: metadata__model.name=small. A path may end in an operator: __ne, __in, __gt, __gte, __lt, __lte, __exists, __icontains. input__ and output__ take paths and operators too. */
                metadata__contains?: string;
                /** @description A JSON value that input contains. */
                input__contains?: string;
                /** @description A JSON value that output contains. */
                output__contains?: string;
                /** @description Items of this trace, exactly. */
                ref_trace_id?: string;
                /** @description Items of this source, exactly. */
                ref_source_id?: string;
                /** @description Items created at or after this time. */
                created_at__gte?: string;
                /** @description Items created after this time. */
                created_at__gt?: string;
                /** @description Items created at or before this time. */
                created_at__lte?: string;
                /** @description Items created before this time. */
                created_at__lt?: string;
                /** @description Items last written at or after this time. */
                updated_at__gte?: string;
                /** @description Items last written after this time. */
                updated_at__gt?: string;
                /** @description Items last written at or before this time. */
                updated_at__lte?: string;
                /** @description Items last written before this time. */
                updated_at__lt?: string;
                /** @description Items created by this user, given by id or uuid. */
                created_by?: string;
                /** @description Items with these IDs, separated by commas. */
                id__in?: string;
                /** @description Which items: those not deleted, the deleted ones alone (true), or all. */
                deleted?: "false" | "true" | "all";
                /** @description So many of the items that are found, chosen by a hash of id and seed: the same ones for the same revision and seed, on each page and in each export. count is the sample's. */
                sample?: number;
                /** @description Which sample: 0 unless given. */
                seed?: number;
            };
            header?: {
                /** @description ETags, or *: where the present one is among them, the answer is a 304 without a body. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    /** @description A name for the file: that of the dataset, with the revision. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description What the client has is what there is. */
            304: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_export_create: {
        parameters: {
            query?: {
                /** @description The form of the file. */
                export_format?: "csv" | "jsonl" | "parquet";
                /** @description A number, a tag or latest. Without it, the present revision at the start. */
                revision?: string;
                /** @description The revision of this time. */
                as_of?: string;
                /** @description Items with this text, in any case, in a key, text or number of input, output or metadata, or in ref_trace_id or ref_source_id. */
                search?: string;
                /** @description A JSON value that metadata contains, as PostgreSQL's jsonb containment has it. For one value there is also metadata__<path>=value, with dots between keys: metadata__model.name=small. A path may end in an operator: __ne, __in, __gt, __gte, __lt, __lte, __exists, __icontains. input__ and output__ take paths and operators too. */
                metadata__contains?: string;
                /** @description A JSON value that input contains. */
                input__contains?: string;
                /** @description A JSON value that output contains. */
                output__contains?: string;
                /** @description Items of this trace, exactly. */
                ref_trace_id?: string;
                /** @description Items of this source, exactly. */
                ref_source_id?: string;
                /** @description Items created at or after this time. */
                created_at__gte?: string;
                /** @description Items created after this time. */
                created_at__gt?: string;
                /** @description Items created at or before this time. */
                created_at__lte?: string;
                /** @description Items created before this time. */
                created_at__lt?: string;
                /** @description Items last written at or after this time. */
                updated_at__gte?: string;
                /** @description Items last written after this time. */
                updated_at__gt?: string;
                /** @description Items last written at or before this time. */
                updated_at__lte?: string;
                /** @description Items last written before this time. */
                updated_at__lt?: string;
                /** @description Items created by this user, given by id or uuid. */
                created_by?: string;
                /** @description Items with these IDs, separated by commas. */
                id__in?: string;
                /** @description Which items: those not deleted, the deleted ones alone (true), or all. */
                deleted?: "false" | "true" | "all";
                /** @description So many of the items that are found, chosen by a hash of id and seed: the same ones for the same revision and seed, on each page and in each export. count is the sample's. */
                sample?: number;
                /** @description Which sample: 0 unless given. */
                seed?: number;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Export"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    /** @description A name for the file: that of the dataset, with the revision. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_fork_create: {
        parameters: {
            query?: {
                /** @description Whether to answer as the request would be answered, and store nothing. */
                dry_run?: boolean;
                /** @description Items with this text, in any case, in a key, text or number of input, output or metadata, or in ref_trace_id or ref_source_id. */
                search?: string;
                /** @description A JSON value that metadata contains, as PostgreSQL's jsonb containment has it. For one value there is also metadata__<path>=value, with dots between keys: metadata__model.name=small. A path may end in an operator: __ne, __in, __gt, __gte, __lt, __lte, __exists, __icontains. input__ and output__ take paths and operators too. */
                metadata__contains?: string;
                /** @description A JSON value that input contains. */
                input__contains?: string;
                /** @description A JSON value that output contains. */
                output__contains?: string;
                /** @description Items of this trace, exactly. */
                ref_trace_id?: string;
                /** @description Items of this source, exactly. */
                ref_source_id?: string;
                /** @description Items created at or after this time. */
                created_at__gte?: string;
                /** @description Items created after this time. */
                created_at__gt?: string;
                /** @description Items created at or before this time. */
                created_at__lte?: string;
                /** @description Items created before this time. */
                created_at__lt?: string;
                /** @description Items last written at or after this time. */
                updated_at__gte?: string;
                /** @description Items last written after this time. */
                updated_at__gt?: string;
                /** @description Items last written at or before this time. */
                updated_at__lte?: string;
                /** @description Items last written before this time. */
                updated_at__lt?: string;
                /** @description Items created by this user, given by id or uuid. */
                created_by?: string;
                /** @description Items with these IDs, separated by commas. */
                id__in?: string;
                /** @description Which items: those not deleted, the deleted ones alone (true), or all. */
                deleted?: "false" | "true" | "all";
                /** @description So many of the items that are found, chosen by a hash of id and seed: the same ones for the same revision and seed, on each page and in each export. count is the sample's. */
                sample?: number;
                /** @description Which sample: 0 unless given. */
                seed?: number;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForkRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_import_create: {
        parameters: {
            query?: {
                /** @description Needed where neither Content-Type nor a file name tells. */
                import_format?: "csv" | "json" | "jsonl" | "parquet" | "xlsx";
                /** @description Reads and checks the file, shows its first rows, stores nothing. */
                dry_run?: boolean;
                /** @description A JSON object of columns and where they go: {"question": "input.q", "*": "metadata"}. Without it the columns input, output, metadata, ref_trace_id, ref_timestamp and ref_source_id are read. "output:text" keeps the cells of a CSV file or a workbook as the texts that they are. */
                mapping?: string;
                /** @description Of CSV: one character, or `tab`. Without it, a comma, or a tab. */
                delimiter?: string;
                /** @description `text`: every cell of a CSV file or a workbook is the text it is, and none is read as JSON. */
                cells?: "json" | "text";
                /** @description Of a workbook: the name of the sheet. Without it, the first. */
                sheet?: string;
                /** @description How rows find live items of the dataset that are there already; see on_conflict. */
                match_on?: "id" | "ref_source_id";
                /** @description With match_on: what becomes of an item that is there. Default: error; update with mirror. */
                on_conflict?: "error" | "skip" | "update";
                /** @description With match_on: archives the live items of the dataset whose key the file lacks. */
                mirror?: boolean;
                /** @description Whether columns that are not read are refused (400). */
                strict?: boolean;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description A dry run: nothing was stored. As application/x-ndjson: progress, and the answer in the last line, whatever it is. */
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                    "application/x-ndjson": string;
                };
            };
            /** @description All rows are stored. */
            201: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportRejected"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An item with this key is there (conflict). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportRejected"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_revisions_list: {
        parameters: {
            query?: {
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedRevisionList"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_rollback_create: {
        parameters: {
            query?: {
                /** @description Whether to answer as the request would be answered, and store nothing. */
                dry_run?: boolean;
            };
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollbackRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RollbackResult"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description An item was erased, or moved away (erased, items_moved). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_schemas_retrieve: {
        parameters: {
            query?: {
                /** @description The schemas as they were at this revision (number or tag). */
                revision?: string;
            };
            header?: {
                /** @description ETags, or *: where the present one is among them, the answer is a 304 without a body. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schemas"];
                };
            };
            /** @description What the client has is what there is. */
            304: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_schemas_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description ETags, or *: where the present one is not among them, nothing is written and the answer is a 412. */
                "If-Match"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Schemas"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schemas"];
                };
            };
            /** @description A schema is not valid (invalid_schema), or items do not fit (schema_mismatch). */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchemaError"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description If-Match names another version. */
            412: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleVersionError"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_stats_retrieve: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags, or *: where the present one is among them, the answer is a 304 without a body. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description What the client has is what there is. */
            304: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_tags_list: {
        parameters: {
            query?: {
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedTagDetailList"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_tags_retrieve: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags, or *: where the present one is among them, the answer is a 304 without a body. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
                /** @description The tag: 1 to 64 of a-z, 0-9, '.', '_' and '-', and not digits alone. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagDetail"];
                };
            };
            /** @description What the client has is what there is. */
            304: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_tags_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client. The same request with the same key, sent again within 24 hours, is not done again but answered as the first time. */
                "Idempotency-Key"?: string;
                /** @description ETags, or *: where the present one is not among them, nothing is written and the answer is a 412. */
                "If-Match"?: string;
                /** @description What this write is about, in at most 500 characters; kept with the revision that it makes. Characters beyond ASCII take the form of RFC 8187: UTF-8''na%C3%AFve. */
                "Revision-Message"?: string;
            };
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
                /** @description The tag: 1 to 64 of a-z, 0-9, '.', '_' and '-', and not digits alone. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagRequest"];
            };
        };
        responses: {
            /** @description The tag was there, and names that revision now. */
            200: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetTag"];
                };
            };
            /** @description The tag is new. */
            201: {
                headers: {
                    /** @description There where the answer is that to an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetTag"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The tag names another revision (tag_exists). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description If-Match names another version. */
            412: {
                headers: {
                    /** @description Names the state that is answered, or that refused the write; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleVersionError"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The media type of the body is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    datasets_tags_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset. */
                id: string;
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
                /** @description The tag: 1 to 64 of a-z, 0-9, '.', '_' and '-', and not digits alone. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    /** @description The revision of the dataset that is answered, or that was made. Absent where no one dataset is meant. */
                    "Dataset-Revision"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    erasures_list: {
        parameters: {
            query?: {
                /** @description Number of results to return per page. */
                limit?: number;
                /** @description The initial index from which to return the results. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description Project ID of the project you're trying to access. To find the ID of the project, make a call to /api/projects/. */
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedErasureList"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    users_me_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The request cannot be read, or a value in it is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description No key was given, or the key is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The key, or its user, may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such project or object, or it is deleted. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The Accept header allows no media type that can be answered. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is temporarily unavailable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
