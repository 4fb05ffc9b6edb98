// Uses the generated client (./client) as its users do; throws where an answer is not what it should be.

import { ApiError, BlankEnum, DatasetItemsService, DatasetsService, OpenAPI, RoleAtOrganizationEnum } from './client';
import type {
    Dataset,
    DatasetRequest,
    DatasetItem,
    DatasetItemRequest,
    Feed,
    PaginatedDatasetItemList,
    PaginatedItemVersionList,
    PaginatedRevisionList,
    PatchedDatasetItem,
} from './client';

declare const process: { env: Record<string, string | undefined>; exitCode: number };


type Page = { limit?: number; offset?: number };

interface Operations {
    createDataset(body: DatasetRequest): Promise<Dataset>;
    createItem(body: DatasetItemRequest): Promise<DatasetItem>;
    listItems(dataset?: string, page?: Page): Promise<PaginatedDatasetItemList>;
    findItem(id: string): Promise<DatasetItem>;
    changeItem(id: string, changes: PatchedDatasetItem): Promise<DatasetItem>;
    destroyItem(id: string): Promise<void>;
    versions(id: string): Promise<PaginatedItemVersionList>;
    archive(id: string, ifMatch?: string): Promise<DatasetItem>;
    restore(id: string, version?: number): Promise<DatasetItem>;
    revisions(dataset: string): Promise<PaginatedRevisionList>;
    changes(dataset: string, since?: number): Promise<Feed>;
}

const below: Record<string, (project: string) => Operations> = {
    projects: (project) => ({
        createDataset: (body) => DatasetsService.datasetsCreate(project, body),
        createItem: (body) => DatasetItemsService.datasetItemsCreate(project, body),
        listItems: (dataset, page) => DatasetItemsService.datasetItemsList(project, dataset, page?.limit, page?.offset),
        findItem: (id) => DatasetItemsService.datasetItemsRetrieve(id, project),
        changeItem: (id, changes) => DatasetItemsService.datasetItemsPartialUpdate(id, project, changes),
        destroyItem: (id) => DatasetItemsService.datasetItemsDestroy(id, project),
        versions: (id) => DatasetItemsService.datasetItemsVersionsList(id, project),
        archive: (id, ifMatch) => DatasetItemsService.datasetItemsArchiveCreate(id, project, undefined, undefined, ifMatch),
        restore: (id, version) =>
            DatasetItemsService.datasetItemsRestoreCreate(id, project, undefined, undefined, undefined, from(version)),
        revisions: (dataset) => DatasetsService.datasetsRevisionsList(dataset, project),
        changes: (dataset, since) => DatasetsService.datasetsChangesRetrieve(dataset, project, since),
    }),
    environments: (project) => ({
        createDataset: (body) => DatasetsService.environmentsDatasetsCreate(project, body),
        createItem: (body) => DatasetItemsService.environmentsDatasetItemsCreate(project, body),
        listItems: (dataset, page) =>
            DatasetItemsService.environmentsDatasetItemsList(project, dataset, page?.limit, page?.offset),
        findItem: (id) => DatasetItemsService.environmentsDatasetItemsRetrieve(project, id),
        changeItem: (id, changes) => DatasetItemsService.environmentsDatasetItemsPartialUpdate(project, id, changes),
        destroyItem: (id) => DatasetItemsService.environmentsDatasetItemsDestroy(project, id),
        versions: (id) => DatasetItemsService.environmentsDatasetItemsVersionsList(project, id),
        archive: (id, ifMatch) =>
            DatasetItemsService.environmentsDatasetItemsArchiveCreate(project, id, undefined, undefined, ifMatch),
        restore: (id, version) =>
            DatasetItemsService.environmentsDatasetItemsRestoreCreate(project, id, undefined, undefined, undefined, from(version)),
        revisions: (dataset) => DatasetsService.environmentsDatasetsRevisionsList(project, dataset),
        changes: (dataset, since) => DatasetsService.environmentsDatasetsChangesRetrieve(project, dataset, since),
    }),
};

function from(version?: number): { source_version: number } | undefined {
    return version === undefined ? undefined : { source_version: version };
}

function same(actual: unknown, expected: unknown, what: string): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== should) throw new Error(`${what} is ${is}, and should be ${should}`);
}

async function refused(answer: Promise<unknown>, status: number): Promise<Record<string, unknown>> {
    try {
        await answer;
    } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        same(error.status, status, 'the status');
        return error.body;
    }
    throw new Error(`was answered, and should be refused with ${status}`);
}

async function drive(api: Operations): Promise<void> {
    const dataset = await api.createDataset({ name: 'Golden set', metadata: { a: [1, null] } });
    same(dataset.metadata, { a: [1, null] }, 'metadata');
    const other = await api.createDataset({ name: 'Another' });

    const items: DatasetItem[] = [];
    for (const number of [0, 1, 2]) {
        items.push(await api.createItem({ dataset: dataset.id, input: { number } }));
    }
    const [item] = items;
    same(item.created_by?.email, 'ada@example.com', 'created_by');
    same(item.created_by?.role_at_organization, RoleAtOrganizationEnum.ENGINEERING, 'the role');
    same(item.created_by?.role_at_organization === BlankEnum.BLANK, false, 'whether the role is blank');
    same(await api.findItem(item.id), item, 'the item');

    const first = await api.listItems(dataset.id, { limit: 2 });
    const second = await api.listItems(dataset.id, { limit: 2, offset: 2 });
    same([first.count, first.results.length, second.results.length], [3, 2, 1], 'the pages');
    same([typeof first.next, second.next], ['string', null], 'the links');
    same((await api.listItems(other.id)).count, 0, 'the count of the other dataset');

    const changed = await api.changeItem(item.id, { output: ['new'], ref_trace_id: 'trace-1' });
    same([changed.output, changed.ref_trace_id], [['new'], 'trace-1'], 'the changed item');

    await api.changeItem(item.id, { deleted: true });
    const gone = { type: 'invalid_request', code: 'not_found', detail: 'Not found.', attr: null };
    same(await refused(api.findItem(item.id), 404), gone, 'the error');
    same((await api.listItems()).count, 2, 'the count after the soft delete');
    await refused(api.destroyItem(items[1].id), 405);

    const wrong = await refused(api.createItem({ dataset: item.id }), 400);
    same([wrong.code, wrong.attr], ['does_not_exist', 'dataset'], 'the error of an unknown dataset');

    await driveHistory(api, dataset, item);
}

// The item was changed and soft-deleted: it is at version 3, and its dataset at revision 5.
async function driveHistory(api: Operations, dataset: Dataset, item: DatasetItem): Promise<void> {
    same((await api.restore(item.id)).deleted, false, 'deleted');
    same((await api.restore(item.id, 1)).output, item.output, 'the output of version 1');
    const stale = await refused(api.archive(item.id, '"4"'), 412);
    same([stale.code, stale.current_version], ['stale_version', 5], 'the error of a stale write');
    same((await api.archive(item.id, '"5"')).deleted, true, 'deleted');

    const versions = (await api.versions(item.id)).results;
    same(versions.map((each) => each.version), [6, 5, 4, 3, 2, 1], 'the versions');
    same(versions[4].output, ['new'], 'the output of version 2');

    const revisions = (await api.revisions(dataset.id)).results;
    same(revisions.map((each) => each.revision), [8, 7, 6, 5, 4, 3, 2, 1], 'the revisions');
    same([revisions[0].archived, revisions[2].restored], [1, 1], 'what they did');

    const feed = await api.changes(dataset.id, 5);
    same(feed.results.map((each) => each.operation), ['restored', 'updated', 'archived'], 'the changes');
    same([feed.results[0].item?.id, feed.next, feed.next_since_revision], [item.id, null, 8], 'the feed');
}

const { BASE = '', KEY, PROJECT = '', PREFIX = '' } = process.env;
OpenAPI.BASE = BASE;
OpenAPI.TOKEN = KEY;
drive(below[PREFIX](PROJECT)).catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
