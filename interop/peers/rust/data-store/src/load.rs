//! Reads and writes from many tasks at once for some time: how many a second, and how long each took.

use crate::{Server, in_time, notation, options::Plan};
use simd_r_drive_ws_client::{AsyncDataStoreReader, AsyncDataStoreWriter, WsClient};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Entries in a batch when the keys are written for those that read.
const BATCH: usize = 100;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Reads,
    Writes,
}

pub async fn run(server: &Server, plan: Plan) -> Result<(), String> {
    let mut stores = Vec::new();
    for _ in 0..plan.connections {
        stores.push(Arc::new(server.connect().await?));
    }
    in_time(server.limit, prepare(&stores[0], &plan)).await??;
    let start = Instant::now() + plan.warmup;
    let mut tasks = JoinSet::new();
    let kinds = [vec![Kind::Reads; plan.reads], vec![Kind::Writes; plan.writes]].concat();
    for (number, kind) in kinds.into_iter().enumerate() {
        let (store, plan) = (stores[number % stores.len()].clone(), plan.clone());
        let limit = plan.warmup + plan.time + server.limit;
        tasks.spawn(async move {
            let worker = Worker { store, plan, kind, state: number as u32 };
            in_time(limit, worker.work(start)).await?.map(|micros| (kind, micros))
        });
    }
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    while let Some(finished) = tasks.join_next().await {
        match finished.map_err(|failure| failure.to_string())?? {
            (Kind::Reads, micros) => reads.extend(micros),
            (Kind::Writes, micros) => writes.extend(micros),
        }
    }
    if plan.reads > 0 {
        println!("reads {}", summary(reads, plan.time)?);
    }
    if plan.writes > 0 {
        println!("writes {}", summary(writes, plan.time)?);
    }
    Ok(())
}

fn key(number: usize) -> Vec<u8> {
    format!("load-{number:08}").into_bytes()
}

async fn prepare(store: &WsClient, plan: &Plan) -> Result<(), String> {
    if plan.reads == 0 {
        return Ok(());
    }
    let value = notation::filled(plan.value_bytes, 1);
    let keys: Vec<_> = (0..plan.keys).map(key).collect();
    for batch in keys.chunks(BATCH) {
        let entries: Vec<_> = batch.iter().map(|key| (key.as_slice(), value.as_slice())).collect();
        store.batch_write(&entries).await.map_err(|failure| format!("cannot write the keys: {failure}"))?;
    }
    Ok(())
}

struct Worker {
    store: Arc<WsClient>,
    plan: Plan,
    kind: Kind,
    state: u32,
}

impl Worker {
    /// Calls until the time is over, and returns what each call took that began after `start`.
    async fn work(mut self, start: Instant) -> Result<Vec<f64>, String> {
        let value = notation::filled(self.plan.value_bytes, 1);
        let end = start + self.plan.time;
        let mut micros = Vec::new();
        loop {
            let key = self.draw();
            let begin = Instant::now();
            self.call(&key, &value).await?;
            let now = Instant::now();
            if now >= end {
                return Ok(micros);
            }
            if begin >= start {
                micros.push((now - begin).as_nanos() as f64 / 1000.0);
            }
        }
    }

    fn draw(&mut self) -> Vec<u8> {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        key((self.state >> 8) as usize % self.plan.keys)
    }

    async fn call(&self, key: &[u8], value: &[u8]) -> Result<(), String> {
        if self.kind == Kind::Writes {
            return self.store.write(key, value).await.map(drop).map_err(|failure| format!("write: {failure}"));
        }
        match self.store.read(key).await.map_err(|failure| format!("read: {failure}"))? {
            Some(read) if read == value => Ok(()),
            read => Err(format!("read {}, expected {}", notation::value_or_none(&read), notation::value(value))),
        }
    }
}

fn summary(mut micros: Vec<f64>, time: Duration) -> Result<String, String> {
    if micros.is_empty() {
        return Err("no call was done in the time".into());
    }
    micros.sort_by(f64::total_cmp);
    // Nearest rank: the smallest value that at least this share of the calls did not exceed.
    let rank = |share: f64| micros[((micros.len() as f64 * share).ceil() as usize).max(1) - 1];
    let rate = micros.len() as f64 / time.as_secs_f64();
    Ok(format!("per_s={rate:.0} median_us={:.1} p99_us={:.1}", rank(0.5), rank(0.99)))
}
