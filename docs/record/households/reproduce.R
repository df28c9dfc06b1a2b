# The estimates and standard errors of record.json (satisfaction, sipas-2022),
# from data.csv, by the package survey.
# In their folder: Rscript reproduce.R; it writes estimates_r.csv.
suppressPackageStartupMessages(library(survey))
if (!l10n_info()[["UTF-8"]]) stop("run R in a UTF-8 locale: names are in Vietnamese")
options(survey.lonely.psu = "fail", digits = 15)

surveys <- list("survey" = list("file" = "data.csv",
    "items" = c("S1.1", "S1.2", "S1.3", "S1.4", "S2.1", "S2.2", "S2.3", "S2.4", "S3.1", "S3.2", "S3.3", "S3.4", "S3.5", "S3.6", "S3.7", "S4.1", "S4.2", "S4.3", "S5.1", "S5.2", "S5.3", "S5.4", "P1.1", "P2.1", "P3.1", "P4.1"),
    "reversed" = character(0),
    "ends" = 6,
    "scores" = c("1" = 0.0, "2" = 0.0, "3" = 0.0, "4" = 100.0, "5" = 100.0),
    "indices" = list("S1.1" = c("S1.1" = 1.0),
      "S1.2" = c("S1.2" = 1.0),
      "S1.3" = c("S1.3" = 1.0),
      "S1.4" = c("S1.4" = 1.0),
      "S2.1" = c("S2.1" = 1.0),
      "S2.2" = c("S2.2" = 1.0),
      "S2.3" = c("S2.3" = 1.0),
      "S2.4" = c("S2.4" = 1.0),
      "S3.1" = c("S3.1" = 1.0),
      "S3.2" = c("S3.2" = 1.0),
      "S3.3" = c("S3.3" = 1.0),
      "S3.4" = c("S3.4" = 1.0),
      "S3.5" = c("S3.5" = 1.0),
      "S3.6" = c("S3.6" = 1.0),
      "S3.7" = c("S3.7" = 1.0),
      "S4.1" = c("S4.1" = 1.0),
      "S4.2" = c("S4.2" = 1.0),
      "S4.3" = c("S4.3" = 1.0),
      "S5.1" = c("S5.1" = 1.0),
      "S5.2" = c("S5.2" = 1.0),
      "S5.3" = c("S5.3" = 1.0),
      "S5.4" = c("S5.4" = 1.0),
      "P1.1" = c("P1.1" = 1.0),
      "P2.1" = c("P2.1" = 1.0),
      "P3.1" = c("P3.1" = 1.0),
      "P4.1" = c("P4.1" = 1.0),
      "S1" = c("S1.1" = 0.25, "S1.2" = 0.25, "S1.3" = 0.25, "S1.4" = 0.25),
      "S2" = c("S2.1" = 0.25, "S2.2" = 0.25, "S2.3" = 0.25, "S2.4" = 0.25),
      "S3" = c("S3.1" = 0.14285714285714285, "S3.2" = 0.14285714285714285, "S3.3" = 0.14285714285714285, "S3.4" = 0.14285714285714285, "S3.5" = 0.14285714285714285, "S3.6" = 0.14285714285714285, "S3.7" = 0.14285714285714285),
      "S4" = c("S4.1" = 0.3333333333333333, "S4.2" = 0.3333333333333333, "S4.3" = 0.3333333333333333),
      "S5" = c("S5.1" = 0.25, "S5.2" = 0.25, "S5.3" = 0.25, "S5.4" = 0.25),
      "P1" = c("P1.1" = 1.0),
      "P2" = c("P2.1" = 1.0),
      "P3" = c("P3.1" = 1.0),
      "P4" = c("P4.1" = 1.0),
      "services" = c("S1.1" = 0.05, "S1.2" = 0.05, "S1.3" = 0.05, "S1.4" = 0.05, "S2.1" = 0.05, "S2.2" = 0.05, "S2.3" = 0.05, "S2.4" = 0.05, "S3.1" = 0.02857142857142857, "S3.2" = 0.02857142857142857, "S3.3" = 0.02857142857142857, "S3.4" = 0.02857142857142857, "S3.5" = 0.02857142857142857, "S3.6" = 0.02857142857142857, "S3.7" = 0.02857142857142857, "S4.1" = 0.06666666666666667, "S4.2" = 0.06666666666666667, "S4.3" = 0.06666666666666667, "S5.1" = 0.05, "S5.2" = 0.05, "S5.3" = 0.05, "S5.4" = 0.05),
      "policy" = c("P1.1" = 0.25, "P2.1" = 0.25, "P3.1" = 0.25, "P4.1" = 0.25)),
    "strata" = c("district"),
    "psu" = c("commune"),
    "weights" = NULL,
    "fpc" = character(0),
    "nest" = TRUE,
    "certainty" = NULL))
parts <- list("index" = list("signs" = c("survey" = 1.0),
    "codes" = c("S1.1", "S1.2", "S1.3", "S1.4", "S2.1", "S2.2", "S2.3", "S2.4", "S3.1", "S3.2", "S3.3", "S3.4", "S3.5", "S3.6", "S3.7", "S4.1", "S4.2", "S4.3", "S5.1", "S5.2", "S5.3", "S5.4", "P1.1", "P2.1", "P3.1", "P4.1", "S1", "S2", "S3", "S4", "S5", "P1", "P2", "P3", "P4", "services", "policy")))
listwise <- FALSE
by <- character(0)
shares <- list("district" = c("huyện A Lưới" = 52000.0, "huyện Nam Đông" = 28000.0, "thành phố Huế" = 480000.0))
weighted_parts <- list("weighted" = list("signs" = c("survey" = 1.0),
    "codes" = c("S1.1", "S1.2", "S1.3", "S1.4", "S2.1", "S2.2", "S2.3", "S2.4", "S3.1", "S3.2", "S3.3", "S3.4", "S3.5", "S3.6", "S3.7", "S4.1", "S4.2", "S4.3", "S5.1", "S5.2", "S5.3", "S5.4", "P1.1", "P2.1", "P3.1", "P4.1", "S1", "S2", "S3", "S4", "S5", "P1", "P2", "P3", "P4", "services", "policy")))
apart <- FALSE

# Answers are read as text: names of places stay as written, and an empty cell is no answer.
read_answers <- function(file) {
  read.csv(file, colClasses = "character", na.strings = "", check.names = FALSE,
           encoding = "UTF-8")
}

# Score of every answer to the items of the index, per cent; NA where there is no answer.
scores_of <- function(d, survey) {
  answers <- sapply(survey$items, function(item) as.numeric(d[[item]]))
  for (item in survey$reversed) answers[, item] <- survey$ends - answers[, item]
  scores <- answers
  scores[] <- survey$scores[as.character(answers)]
  if (listwise) scores[!complete.cases(scores), ] <- NA
  scores
}

# One row a form: its survey, strata and units of every stage, weight, and the columns of domains.
# Units are named within their stratum where names start again there, and within the unit before.
design_rows <- function(name, survey, domains, apart) {
  d <- read_answers(survey$file)
  one <- rep("all", nrow(d))
  strata <- lapply(survey$strata, function(column) d[[column]])
  units <- lapply(survey$psu, function(column) d[[column]])
  if (length(strata) == 0) strata <- list(one)
  if (length(units) == 0) units <- list(as.character(seq_len(nrow(d))))
  if (!is.null(survey$certainty)) {     # a unit taken with certainty is a stratum of its own
    certain <- d[[survey$certainty]] == "TRUE"
    strata[[1]] <- ifelse(certain, paste(units[[1]], "(certainty)"), strata[[1]])
    units <- list(ifelse(certain, units[[2]], units[[1]]))
    strata <- strata[1]
  }
  if (apart) strata[[1]] <- paste(name, strata[[1]])
  if (survey$nest || apart) units[[1]] <- paste(strata[[1]], units[[1]], sep = " / ")
  for (k in seq_along(units)[-1]) units[[k]] <- paste(units[[k - 1]], units[[k]], sep = " / ")
  rows <- data.frame(survey = rep(name, nrow(d)), stringsAsFactors = FALSE)
  for (k in seq_along(strata)) rows[[paste0("stratum", k)]] <- strata[[k]]
  for (k in seq_along(units)) rows[[paste0("unit", k)]] <- units[[k]]
  for (k in seq_along(survey$fpc)) rows[[paste0("fpc", k)]] <- as.numeric(d[[survey$fpc[k]]])
  if (!is.null(survey$weights)) rows$weight <- as.numeric(d[[survey$weights]])
  else if (length(survey$fpc) == 0) rows$weight <- 1
  for (column in domains) rows[[paste0("domain.", column)]] <- d[[column]]
  rows
}

columns_as_formula <- function(rows, start) {
  found <- grep(paste0("^", start, "[0-9]*$"), names(rows), value = TRUE)
  if (length(found) == 0) NULL else reformulate(found)
}

# Rates of all items in the rows `inside`, with their covariance. Each rate is a ratio of two
# totals, so an unanswered item leaves its own row out of that item, and no unit out of the design.
rates <- function(design, scores, inside) {
  valid <- !is.na(scores) & inside
  held <- colSums(valid) > 0
  points <- ifelse(valid, scores, 0)[, held, drop = FALSE]
  counted <- valid[, held, drop = FALSE] * 1
  items <- colnames(scores)[held]
  colnames(points) <- paste("points", items)
  colnames(counted) <- paste("counted", items)
  totals <- svytotal(cbind(points, counted), design)
  ratio <- function(item) {
    bquote(.(as.name(paste("points", item))) / .(as.name(paste("counted", item))))
  }
  svycontrast(totals, sapply(items, ratio))
}

# Weighted means of rates: the indices of a part, and their standard errors.
indices <- function(rate, part, weights) {
  rows <- lapply(weights, function(own) {
    full <- setNames(numeric(length(coef(rate))), names(coef(rate)))
    if (all(names(own) %in% names(full))) full[names(own)] <- own else full[] <- NA
    full
  })
  rows <- rows[!sapply(rows, anyNA)]
  found <- svycontrast(rate, rows)
  data.frame(part = part, label = names(rows), estimate = unname(coef(found)),
             se = unname(SE(found)), stringsAsFactors = FALSE)
}

# Weights of a part over the surveys it joins: after less before, for a change.
joined <- function(signs, codes) {
  sapply(codes, function(code) unlist(lapply(names(signs), function(name) {
    own <- signs[[name]] * surveys[[name]]$indices[[code]]
    setNames(own, paste(name, names(own)))
  })), simplify = FALSE)
}

blocks <- lapply(surveys, function(survey) scores_of(read_answers(survey$file), survey))
scores <- matrix(NA_real_, sum(sapply(blocks, nrow)), sum(sapply(blocks, ncol)))
colnames(scores) <- unlist(lapply(names(blocks), function(k) paste(k, colnames(blocks[[k]]))))
last <- c(row = 0, column = 0)
for (block in blocks) {
  scores[last["row"] + seq_len(nrow(block)), last["column"] + seq_len(ncol(block))] <- block
  last <- last + dim(block)
}

rows <- do.call(rbind, lapply(names(surveys), function(name) {
  design_rows(name, surveys[[name]], unique(c(by, names(shares))), apart)
}))
design <- svydesign(ids = columns_as_formula(rows, "unit"),
                    strata = columns_as_formula(rows, "stratum"),
                    weights = columns_as_formula(rows, "weight"),
                    fpc = columns_as_formula(rows, "fpc"), data = rows)

groups <- if (length(by)) unique(na.omit(rows[paste0("domain.", by)])) else data.frame(all = TRUE)
made <- list()
for (k in seq_len(nrow(groups))) {
  inside <- rep(TRUE, nrow(rows))
  for (column in by) inside <- inside & rows[[paste0("domain.", column)]] %in%
      groups[k, paste0("domain.", column)]
  rate <- rates(design, scores, inside)
  for (part in names(parts)) {
    found <- indices(rate, part, joined(parts[[part]]$signs, parts[[part]]$codes))
    if (length(by)) found$label <- paste(found$label, paste(groups[k, ], collapse = " | "),
                                         sep = " | ")
    made <- c(made, list(found))
  }
}

# Weighted by group: every item becomes one item a group.
if (!is.null(shares)) {
  column <- rows[[paste0("domain.", names(shares))]]
  share <- shares[[1]] / sum(shares[[1]])
  wide <- do.call(cbind, lapply(names(share), function(group) {
    own <- scores
    own[!(column %in% group), ] <- NA
    colnames(own) <- paste(group, colnames(scores))
    own
  }))
  rate <- rates(design, wide, TRUE)
  spread <- function(own) unlist(lapply(names(share), function(group) {
    setNames(share[[group]] * own, paste(group, names(own)))
  }))
  for (part in names(weighted_parts)) {
    plain <- joined(weighted_parts[[part]]$signs, weighted_parts[[part]]$codes)
    made <- c(made, list(indices(rate, part, lapply(plain, spread))))
  }
}
made <- do.call(rbind, made)

# Every number with fifteen digits, in UTF-8 whatever the locale.
cat(R.version.string, "with survey", as.character(packageVersion("survey")), "\n")
print(made, row.names = FALSE, digits = 10)
lines <- sprintf('%s,"%s",%.15g,%.15g', made$part, gsub('"', '""', made$label), made$estimate,
                 made$se)
writeLines(enc2utf8(c("part,label,estimate,se", lines)), "estimates_r.csv", useBytes = TRUE)
