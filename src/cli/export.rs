//! `sohoa export OUT`: tables, citations and records of everything in an output folder.

use std::io::{ErrorKind, Write};

use super::args::{ExportArgs, ExportFormat, ExportTable, SeparatorSign};
use super::exit::Exit;
use super::output;
use crate::batch::{self, ExportError, Exported, Interrupt};
use crate::emit::{Csv, EmitError, Form, Product, Separator, Stream, Table};

/// Exports and says what is missing.
pub fn run(args: &ExportArgs) -> Exit {
    let products = products(args);
    if args.to.is_none() && products.len() > 1 {
        output::complain("several tables need a folder to be written to: add --to FOLDER");
        return Exit::Usage;
    }
    let interrupt = match Interrupt::listen() {
        Ok(interrupt) => interrupt,
        Err(error) => {
            output::complain(&format!(
                "cannot listen for Ctrl-C: {error}; close other programs, then run again"
            ));
            return Exit::Failed;
        }
    };
    match &args.to {
        None => {
            let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout());
            let ended = export(args, &products, &mut [&mut out], &interrupt);
            match out.flush() {
                Err(source) if ended.is_ok() => {
                    let name = "stdout".into();
                    close(args, Err(ExportError::Sink { name, source }))
                }
                _ => close(args, ended),
            }
        }
        Some(folder) => {
            let streams: Result<Vec<Stream>, EmitError> = products
                .iter()
                .map(|product| Stream::create(folder, &product.file_name(), args.force))
                .collect();
            let mut streams = match streams {
                Ok(streams) => streams,
                Err(error) => return refused(&error),
            };
            let mut sinks: Vec<&mut (dyn Write + Send)> =
                streams.iter_mut().map(|stream| stream as &mut (dyn Write + Send)).collect();
            let ended = export(args, &products, &mut sinks, &interrupt);
            if matches!(&ended, Ok(exported) if !exported.interrupted)
                && let Err(error) = streams.into_iter().try_for_each(Stream::finish)
            {
                return refused(&error);
            }
            close(args, ended)
        }
    }
}

fn export(
    args: &ExportArgs,
    products: &[Product],
    sinks: &mut [&mut (dyn Write + Send)],
    interrupt: &Interrupt,
) -> Result<Exported, ExportError> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    // more than processors, since a part of them waits for the disk
    let jobs = args.jobs.map_or(2 * processors, usize::from);
    let mut tell = |name: &str, why: &str| output::complain(&format!("{name}: {why}"));
    batch::export(&args.out, products, sinks, jobs, interrupt, &mut tell)
}

/// Says how it ended.
fn close(args: &ExportArgs, ended: Result<Exported, ExportError>) -> Exit {
    match ended {
        Ok(exported) => {
            if exported.documents == 0 && !exported.interrupted {
                let out = batch::one_line(&args.out.to_string_lossy());
                output::complain(&format!(
                    "{out} holds no finished document: name a folder that 'sohoa digitise' has written to"
                ));
            }
            if exported.unreadable > 0 {
                let (left, there) = (exported.unreadable, exported.documents);
                output::complain(&format!("{left} files left out, {there} documents exported"));
            }
            match exported {
                Exported { interrupted: true, .. } => Exit::Interrupted,
                Exported { unreadable: 1.., .. } => Exit::Failed,
                _ => Exit::Done,
            }
        }
        // a reader that has had enough
        Err(ExportError::Sink { source, .. })
            if args.to.is_none() && source.kind() == ErrorKind::BrokenPipe =>
        {
            Exit::Done
        }
        Err(error) => {
            output::complain(&error.to_string());
            match error {
                ExportError::NoFolder(_) => Exit::Usage,
                ExportError::Sink { .. } => Exit::Output,
                ExportError::System(_) => Exit::Failed,
            }
        }
    }
}

fn refused(error: &EmitError) -> Exit {
    output::complain(&error.to_string());
    match error {
        EmitError::InTheWay(_) | EmitError::NotAFolder(_) => Exit::Usage,
        _ => Exit::Output,
    }
}

/// What the flags ask for.
fn products(args: &ExportArgs) -> Vec<Product> {
    if args.graph.is_some() {
        return vec![Product::Graph];
    }
    let separator = match args.separator {
        SeparatorSign::Comma => Separator::Comma,
        SeparatorSign::Semicolon => Separator::Semicolon,
        SeparatorSign::Tab => Separator::Tab,
    };
    let form = match (args.format, &args.to) {
        (ExportFormat::Csv, _) => Form::Csv(Csv { separator, bom: !args.no_bom, guard: !args.no_guard }),
        (ExportFormat::Jsonl, _) => Form::Jsonl,
        (ExportFormat::Record, None) => return vec![Product::Records],
        (ExportFormat::Record, Some(_)) => return vec![Product::Records, Product::RecordsXml],
        (ExportFormat::RecordXml, _) => return vec![Product::RecordsXml],
    };
    let tables = match args.table {
        Some(ExportTable::Documents) => vec![Table::Documents],
        Some(ExportTable::References) => vec![Table::References],
        Some(ExportTable::Tasks) => vec![Table::Tasks],
        Some(ExportTable::Sections) => vec![Table::Sections],
        None if args.to.is_none() => vec![Table::Documents],
        Some(ExportTable::All) | None => Table::ALL.to_vec(),
    };
    tables.into_iter().map(|table| Product::Table(table, form)).collect()
}
