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

